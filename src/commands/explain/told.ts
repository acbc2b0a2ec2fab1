/** Levels at which programs tell of what goes well, as log lines carry them. */
const CHATTER =
  /\[(?:info|debug|trace|verbose)\]|\b(?:INFO|DEBUG|TRACE|VERBOSE)\b(?!:root)|"(?:debug|info)":|\blevel=(?:info|debug|trace)\b|"level":"?(?:info|debug|trace|[12]0)\b|^(?:info|debug|trace|verbose):/i;

/** Words of failures, which such lines hold as well: much is logged at the wrong level. */
const FAILURE =
  /\berr(?:or|no)?\b|Error\b|fail|refus|reset|timed out|timeout (?:triggered|exceeded|after|reached)|denied|forbidden|invalid|not (?:found|supported|valid|allowed|running|ready)|unsupported|missing|exit|clos(?:e|ed|ing)\b|disconnect|exception|traceback|cannot|could ?n[o']t|can't|unable|unexpected|reject|unauthor|expired|abort|kill|crash|unreachable|\b[45]\d\d\b|\bstderr\b|0 servers/i;

/** Codes of failed calls, in capitals everywhere. */
const CODE = /\bE[A-Z]{3,14}\b(?<!\bERROR)|\bHTTP\/\d/;

/** The lines of a text that can tell of a failure: without those in which a log says that all is well. */
export function toldIn(text: string): string {
  const lines = text.split('\n');
  const told = lines.filter((line) => !CHATTER.test(line) || FAILURE.test(line) || CODE.test(line));
  // Where a log says nothing else, that is what there is to read.
  return told.every((line) => line.trim() === '') ? text : told.join('\n');
}
