/** What terminals, loggers and web pages make of a text: nothing of it may change an answer. */
export const mess: Readonly<Record<string, (text: string) => string>> = {
  'a JSON string': (text) => JSON.stringify(text),
  'JSON in JSON': (text) => JSON.stringify({ log: JSON.stringify({ level: 'error', error: text }) }),
  'a box of Terraform': (text) =>
    `╷\n${wordWrap(text, 74)
      .map((line) => `│ ${line}`)
      .join('\n')}\n│ \n│   with provider["registry.terraform.io/hashicorp/aws"],\n╵`,
  'lines cut at 80 columns': (text) =>
    text
      .split('\n')
      .flatMap((line) => line.match(/.{1,80}/g) ?? [''])
      .join('\n'),
  colours: (text) =>
    text
      .split(' ')
      .map((word, i) => (i % 3 === 0 ? `\u001b[31;1m${word}\u001b[0m` : word))
      .join(' '),
  'colours without their escape': (text) => `[31m${text}[0m`,
  doubled: (text) => `${text}\n${text}\n${text}`,
  timestamps: (text) =>
    text
      .split('\n')
      .map((line) => `2026-11-29T08:00:00.123456789Z stderr F ${line}`)
      .join('\n'),
  'Windows line ends': (text) => text.replaceAll('\n', '\r\n'),
  'a quoted mail': (text) =>
    text
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n'),
  'typographic quotes': (text) => text.replaceAll('"', '\u201c').replaceAll("'", '\u2019'),
  'HTML entities': (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'a log around it': (text) => `${noise(40)}\n${text}\n${noise(40)}`,
};

function wordWrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines = [''];
    for (const word of line.split(' ')) {
      if (lines.at(-1)!.length + word.length + 1 > width && lines.at(-1) !== '') lines.push('');
      lines[lines.length - 1] += `${word} `;
    }
    return lines.map((each) => each.trimEnd());
  });
}

/** Lines of a log that concern no role. */
export function noise(count: number): string {
  return Array.from({ length: count }, (_, i) => noiseLines[i % noiseLines.length]!.replace('#', String(i))).join('\n');
}

const noiseLines = [
  '2026-11-29 08:00:00.000 INFO  [main] Started OrdersApplication in #.2 seconds (JVM running for 6.1)',
  '{"level":"info","ts":17000000#,"msg":"reconciled","controller":"orders","namespace":"shop","name":"o-#"}',
  'GET /healthz 200 1.#ms',
  'WARN connection to postgres.shop.svc:5432 lost, retry #',
  'level=debug msg="cache hit" key=orders:# ttl=300s',
  'I1129 08:00:00.000000       1 leaderelection.go:258] successfully acquired lease kube-system/controller-#',
];
