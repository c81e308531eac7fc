import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A profile of the AWS CLI's files, as far as it is shown or decides something here. Holds no secret. */
export interface AwsProfile {
  readonly name: string;
  readonly region?: string;
  /** Signs in through IAM Identity Center: then an expired session is mended by `aws sso login`. */
  readonly sso: boolean;
  readonly caBundle?: string;
}

/**
 * The profiles of `~/.aws/config` and `~/.aws/credentials`, sorted by name, `default` first. Files that are missing or
 * cannot be read count as empty. Source: AWS CLI user guide, cli-configure-files.
 */
export function readProfiles(env: NodeJS.ProcessEnv = process.env): AwsProfile[] {
  const found = new Map<string, Record<string, string>>();
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const config = sections(read(env['AWS_CONFIG_FILE'] ?? join(home, '.aws', 'config')));
  for (const [header, values] of config) {
    const name =
      header === 'default'
        ? header
        : /^profile\s+(.+)$/
            .exec(header)?.[1]
            ?.trim()
            .replace(/^"(.*)"$/, '$1');
    if (name !== undefined) found.set(name, { ...found.get(name), ...values });
  }
  for (const [header, values] of sections(read(env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials')))) {
    found.set(header, { ...values, ...found.get(header) });
  }
  return [...found]
    .map(([name, values]) => profile(name, values))
    .sort((a, b) => Number(b.name === 'default') - Number(a.name === 'default') || (a.name < b.name ? -1 : 1));
}

function profile(name: string, values: Readonly<Record<string, string>>): AwsProfile {
  const { region, ca_bundle: caBundle } = values;
  return {
    name,
    sso: Boolean(values['sso_session'] ?? values['sso_start_url']),
    ...(region ? { region } : {}),
    ...(caBundle ? { caBundle } : {}),
  };
}

/** Sections of an ini file; secrets stay where they are, since only known keys are taken. */
function sections(text: string): [string, Record<string, string>][] {
  const found: [string, Record<string, string>][] = [];
  const kept = new Set(['region', 'sso_session', 'sso_start_url', 'ca_bundle']);
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line);
    if (header) found.push([header[1]!.trim(), {}]);
    // An indented line belongs to a nested value such as `s3 =`.
    const entry = /^([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    const section = found.at(-1)?.[1];
    if (section && entry && kept.has(entry[1]!)) section[entry[1]!] = entry[2]!;
  }
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
