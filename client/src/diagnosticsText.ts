import type { Status } from '../../protocol/workspace';

/** What a report of a problem is made of. */
export interface Facts {
  /** Program and version, one line each: the extension, VS Code, the system. */
  readonly versions: readonly string[];
  readonly trusted: boolean;
  /** Settings that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly status: Status | undefined;
  /** Where AWS's facts are from: `off`, `snapshot`, `live`. */
  readonly aws: string;
  readonly log: readonly string[];
  /** The user's home folder, which is shown as `~`. */
  readonly home: string;
}

/** So many skipped files are named. */
const most = 50;

/**
 * A report to paste into an issue, in Markdown: versions, settings, what was read and skipped, and the log. Account ids,
 * the home folder and all that has the form of a credential are replaced.
 */
export function diagnosticsText({ versions, trusted, settings, status, aws, log, home }: Facts): string {
  const skipped = status?.skipped ?? [];
  const text = [
    '### Pod Roles',
    ...versions.map((line) => `- ${line}`),
    `- ${trusted ? 'Trusted workspace' : 'Restricted Mode'}`,
    `- AWS: ${aws}`,
    `- Settings: ${JSON.stringify(settings)}`,
    status
      ? `- Files: ${status.files}, with workloads or roles: ${status.relevant}, skipped: ${skipped.length}${status.busy ? ' (still reading)' : ''}`
      : '- The language server is not running.',
    ...(status?.message ? [`- ${status.message}`] : []),
    ...skipped.slice(0, most).map(({ uri, reason }) => `  - skipped ${uri}: ${reason}`),
    ...(skipped.length > most ? [`  - and ${skipped.length - most} more`] : []),
    '',
    '```text',
    ...log.map((line) => line.replaceAll('```', '` ` `')),
    '```',
    '',
  ].join('\n');
  return withoutSecrets(home.length > 1 ? text.replaceAll(home, '~') : text);
}

const forms: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, '<token>'],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,20}\b/g, '<access key id>'],
  // A session token, or a secret key behind its name.
  [/\b(?:IQoJ|FwoG|FQoG)[\w+/=-]{20,}/g, '<session token>'],
  [/((?:secret|token|password|credential)[\w-]{0,30}["']?\s?[:=]\s?["']?)[\w+/=.-]{8,}/gi, '$1<removed>'],
  // The 12 digits of an AWS account.
  [/(?<!\d)\d{12}(?!\d)/g, '<account>'],
];

function withoutSecrets(text: string): string {
  return forms.reduce((rest, [form, shown]) => rest.replace(form, shown), text);
}
