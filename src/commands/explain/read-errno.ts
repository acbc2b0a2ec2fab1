import { TRANSLATED } from '../../facts/signatures/errno-translated.ts';
import { ERRNO_WORDS } from '../../facts/signatures/errno-words.ts';

/** Where numbers of failed calls stand: Python, Rust, .NET, Java, Node's negated ones, HRESULTs of Winsock. */
const NUMBERS =
  /\[Errno (?<posix>-?\d{1,5})\]|\bWinError (?<win>\d{1,5})\b|\bos error (?<either>\d{1,5})\b|(?:Socket|Win32)Exception \((?<net>\d{1,5})\)|\berrno: '?-(?<node>\d{1,4})\b|\b0x8007(?<hresult>27[0-9a-f]{2})\b/gi;

interface Found {
  readonly errno: string;
  readonly at: number;
}

/** Every failed call that a text names, in the order of the text: the first error before the summary counts. Pure. */
export function errnosIn(text: string): readonly string[] {
  const numbered = [...text.matchAll(NUMBERS)].flatMap(({ groups, index }): readonly Found[] => {
    const errno = byNumber(groups ?? {});
    return errno === undefined ? [] : [{ errno, at: index }];
  });
  const worded = [...ERRNO_WORDS, ...TRANSLATED].flatMap(({ errno, wording }): readonly Found[] => {
    const at = text.search(wording);
    return at < 0 ? [] : [{ errno, at }];
  });
  const found = [...numbered, ...worded].sort((a, b) => a.at - b.at);
  return [...new Set(found.map(({ errno }) => errno))];
}

function byNumber({ posix, win, either, net, node, hresult }: Readonly<Record<string, string | undefined>>): string | undefined {
  const onPosix = posix ?? node ?? either;
  const onWindows = win ?? net ?? either ?? (hresult === undefined ? undefined : String(Number.parseInt(hresult, 16)));
  return ERRNO_WORDS.find(
    ({ posix: own, windows }) =>
      (onPosix !== undefined && own.includes(Number(onPosix))) || (onWindows !== undefined && windows.includes(Number(onWindows))),
  )?.errno;
}
