import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

export { withoutAws } from './environment';

/** True where moto's server can be started. `.ci/run` must have it; elsewhere its tests are skipped by name. */
export const motoIsHere = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;

if (!motoIsHere) {
  const hint = 'moto_server is not here (pip install "moto[server]"): tests against a real AWS endpoint are skipped.';
  if (process.env['CI']) throw new Error(hint);
  console.warn(hint);
}

/** `describe` for tests that need moto: where it is missing they are skipped, and their name says so. */
export function describeWithMoto(name: string, tests: () => void): void {
  if (motoIsHere) describe(name, tests);
  else describe.skip(`${name} (skipped: no moto_server)`, tests);
}

/** moto's account. */
export const motoAccount = '123456789012';

/** A server that answers like AWS. */
export interface Moto {
  readonly url: string;
  /** What a process needs to use it, and nothing of the machine's own AWS set-up. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets every role, provider and cluster; AWS-managed policies stay. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts moto on a free port.
 * @param options.managedPolicies with AWS's managed policies, which takes a little longer.
 */
export async function startMoto(options: { readonly managedPolicies?: boolean } = {}): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: String(options.managedPolicies ?? false) },
  });
  const home = mkdtempSync(join(tmpdir(), 'pod-roles-aws-'));
  await ready(`${url}/moto-api/data.json`, child);
  return {
    url,
    env: awsEnv(home, url),
    reset: async () => void (await fetch(`${url}/moto-api/reset`, { method: 'POST' })),
    stop: async () => {
      await stopped(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Environment for an AWS client that sees one endpoint, test keys and an empty home. */
export function awsEnv(home: string, url: string): Record<string, string> {
  return {
    HOME: home,
    USERPROFILE: home,
    AWS_CONFIG_FILE: join(home, '.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}.`);
    const answers = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (answers) return;
    if (Date.now() > until) throw new Error('moto_server did not answer within a minute.');
    await new Promise((wait) => setTimeout(wait, 100));
  }
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once('exit', () => done());
    child.kill('SIGKILL');
  });
}
