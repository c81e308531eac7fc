import { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/core/config';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readText } from '../../host/readText';
import type { AwsProfile } from '../profiles';

/** 1 MB: hundreds of profiles stay far below it. */
const largest = 1024 * 1024;

/**
 * The profiles of `~/.aws/config` and `~/.aws/credentials` as the SDK reads them, sorted by name, `default` first. A file
 * that is missing, too large, no regular file or not valid counts as empty. Never rejects.
 * Source: AWS SDKs and Tools reference guide, file-format; AWS CLI user guide, cli-configure-files.
 */
export async function readProfiles(env: NodeJS.ProcessEnv = process.env): Promise<AwsProfile[]> {
  const configPath = place(env, 'AWS_CONFIG_FILE', 'config');
  const credentialsPath = place(env, 'AWS_SHARED_CREDENTIALS_FILE', 'credentials');
  const { configFile, credentialsFile } = await load(configPath, credentialsPath);
  const found = new Map(Object.entries(credentialsFile));
  for (const [name, values] of Object.entries(configFile)) if (!isOtherSection(name)) found.set(name, { ...found.get(name), ...values });
  return [...found]
    .map(([name, values]) => profile(name, values))
    .sort((a, b) => Number(b.name === 'default') - Number(a.name === 'default') || (a.name < b.name ? -1 : 1));
}

/** Where a file is: by the environment, else in the home folder. */
function place(env: NodeJS.ProcessEnv, variable: string, name: string): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const path = env[variable];
  if (!path) return join(home, '.aws', name);
  return path.startsWith('~/') ? join(home, path.slice(2)) : path;
}

/**
 * The SDK parses the files, but does not read them: it would wait for a pipe, and keep the texts, with the keys in them, as
 * long as the process lives. They are handed to it, and taken away again.
 */
async function load(configPath: string, credentialsPath: string): ReturnType<typeof loadSharedConfigFiles> {
  const held = externalDataInterceptor.getFileRecord();
  const paths = [configPath, credentialsPath];
  const texts = paths.map(textOf);
  try {
    paths.forEach((path, i) => externalDataInterceptor.interceptFile(path, texts[i]!));
    // It takes the texts before it first waits, so that two calls at once do not meet.
    const loading = loadSharedConfigFiles({ configFilepath: configPath, filepath: credentialsPath });
    return loading;
  } finally {
    for (const path of paths) delete held[path];
  }
}

function textOf(path: string): string {
  const result = readText(path, { limit: largest });
  return result.kind === 'text' ? result.file.text : '';
}

/** Sections of the configuration that are no profiles: the SDK keeps their kind in front of their name. */
function isOtherSection(name: string): boolean {
  return /^(?:sso-session|services)\./.test(name);
}

/** Only what is known to be no secret is taken. */
function profile(name: string, values: Readonly<Record<string, string | undefined>>): AwsProfile {
  const { region, ca_bundle: caBundle } = values;
  return {
    name,
    sso: Boolean(values['sso_session'] ?? values['sso_start_url']),
    ...(region ? { region } : {}),
    ...(caBundle ? { caBundle } : {}),
  };
}
