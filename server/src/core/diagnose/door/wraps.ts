/** What may stand around the rest of a word that is wrapped: boxes, quotes, operators, marks of a quoted mail. */
const around = new Set([...' \t\u2502\u2503|>+\'",\\']);
const longestMargin = 48;

/**
 * The offset behind a line break within a word, with the margins around it: a real one, one that is written `\n` or `\\n`, or
 * a backslash at the line's end. Undefined where no line ends at the offset.
 */
export function behindWrap(text: string, at: number): number | undefined {
  let i = at;
  let breaks = 0;
  const limit = Math.min(text.length, at + longestMargin);
  while (i < limit) {
    const c = text[i]!;
    if (c === '\n' || c === '\r') {
      breaks++;
      i++;
    } else if (c === '\\' && (text[i + 1] === 'n' || text[i + 1] === 'r')) {
      breaks++;
      i += 2;
    } else if (around.has(c)) i++;
    else break;
  }
  return breaks > 0 ? i : undefined;
}

/** True where nothing but margins stands between the offset and the end of the line, or of the text. */
export function endsLine(text: string, at: number): boolean {
  return at >= text.length || behindWrap(text, at) !== undefined || /^[ \t"'\u2502|,)}\]]*$/.test(text.slice(at, at + longestMargin));
}
