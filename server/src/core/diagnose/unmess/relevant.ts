/** A part of a paste that may matter, and where it begins in the paste. */
export interface Piece {
  readonly text: string;
  readonly base: number;
}

/** Shorter pastes are read whole. */
const longPaste = 96 * 1024;
/** How much is kept before and behind a word that matters: an error has lines around it that belong to it. */
const around = 1536;
/** Objects and events are read by their structure: nothing is taken out of them. */
const structured = /\bkind"?\s?[:=]|"eventVersion"|AssumeRolePolicyDocument|eyJ[A-Za-z0-9]|^Name: {3,}/m;
/** Every text that a recogniser knows holds one of these words. */
const words =
  /AWS|Aws|aws|amazon|arn:|\b[Ss][Tt][Ss]\b|sts:|\b[Ee][Kk][Ss]\b|OIDC|oidc|OpenID|[Cc]redential|[Aa]ssum|169\.254|fd00:|\b[Rr]oleArn|IAM|[Tt]oken|[Aa]ccess ?[Dd]enied|ot authorized|nauthorized|[Pp]rofile|IMDS|imds|\b[Rr]egion|[Ww]eb ?[Ii]dentity|[Pp]od ?[Ii]dentity|pod-identity|Packed|service ?account|[Ss]ervice ?Account|verification key|[Ss]ignature|[Aa]ssociation|_PROXY|RequestTimeTooSkewed|loopback|metadata|session limit|[Cc]ross-account|\b[Rr]oles?\b|[Rr]ole[_A-Z]|[Pp]ermission|bind: |create link|EC2|CSI|Route ?53|route53|valid JWT|ID ?[Pp]|hosted zones|session|S3A|MissingWebIdentity|Missing[A-Z:]|service endpoint|identity could|credentials|TemporaryAWS|NoSuchProfile|records retrieval|cluster endpoint|build model|VPC|\bvpc|less than 10 minutes|thumbprint|required claim|\bARN\b|UnrecognizedClient|Encoded authorization|valid providers|SharedConfig|jwt|\bhost\b|NoRegion|HTTPS|https:\/\/ URI|endpoint_url|provider client|accessKey|ec2 api|invalid address|read file at/g;

/**
 * The parts of a long log that may matter. Most lines of a log concern no role, and are passed over at once: a megabyte is
 * read in some milliseconds. Linear.
 */
export function relevantPieces(text: string): readonly Piece[] {
  if (text.length < longPaste || structured.test(text)) return [{ text, base: 0 }];
  const pieces: Piece[] = [];
  let start = -1;
  let end = -1;
  words.lastIndex = 0;
  for (let match = words.exec(text); match; match = words.exec(text)) {
    const at = match.index;
    if (start >= 0 && at - around > end) {
      pieces.push(wholeLines(text, start, end));
      start = -1;
    }
    if (start < 0) start = Math.max(0, at - around);
    end = at + around;
  }
  if (start >= 0) pieces.push(wholeLines(text, start, end));
  return pieces;
}

/** A stretch without the lines that it cuts at its ends, where they are short enough to be lines. */
function wholeLines(text: string, start: number, end: number): Piece {
  const first = start === 0 ? 0 : text.indexOf('\n', start) + 1;
  const from = first > 0 && first - start < around / 2 ? first : start;
  const last = text.indexOf('\n', end);
  const to = last < 0 ? text.length : last - end < around ? last : end;
  return { text: text.slice(from, Math.min(to, text.length)), base: from };
}
