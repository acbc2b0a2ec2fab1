"""A FastMCP server over uvicorn, for mcp 1.x (FastMCP) and 2.x (MCPServer) alike.

fastmcp.py TRANSPORT PORT [HOST] [stateless]; TRANSPORT is http, sse or stdio.
GET /lab/sessions tells how many sessions live.
"""

import sys

transport, port = sys.argv[1], int(sys.argv[2])
host = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
stateless = "stateless" in sys.argv[4:]

try:
    from mcp.server.mcpserver import MCPServer as Server

    modern = True
except ModuleNotFoundError:
    from mcp.server.fastmcp import FastMCP as Server

    modern = False

if modern:
    server = Server("lab-python")
else:
    server = Server("lab-python", host=host, port=port, stateless_http=stateless)


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


if transport == "stdio":
    server.run("stdio")
else:
    import uvicorn
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def sessions(request):
        manager = getattr(server, "session_manager", None) if transport == "http" else None
        # Ended sessions stay in the table for a while: they are not counted.
        known = getattr(manager, "_server_instances", {}).values()
        return JSONResponse(sum(not session.is_terminated for session in known))

    if transport == "sse":
        app = server.sse_app(host=host) if modern else server.sse_app()
    elif modern:
        app = server.streamable_http_app(host=host, stateless_http=stateless)
    else:
        app = server.streamable_http_app()
    app.router.routes.append(Route("/lab/sessions", sessions))
    uvicorn.run(app, host=host, port=port, log_level="warning")
