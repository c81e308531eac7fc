import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

it('what the AWS SDK has to say about the version of Node does not reach the user', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [resolve(import.meta.dirname, '../../dist/cli.js'), 'oidc', '--cluster', 'a', '--region', 'eu-west-1'],
    {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'x',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_MAX_ATTEMPTS: '1',
      },
    },
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(/^pod-roles: AWS could not be reached[^\n]*\n$/);
});
