import { externalDataInterceptor } from '@smithy/core/config';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProfiles } from '../../server/src/aws/load';
import { awsEnv } from '../support/moto';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pod-roles-profiles-'));
  mkdirSync(join(home, '.aws'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (name: string, text: string): void => writeFileSync(join(home, '.aws', name), text);
const read = (env: Readonly<Record<string, string>> = {}) => readProfiles({ ...awsEnv(home, ''), ...env });

describe('profiles', () => {
  test('of both files, without their secrets', async () => {
    put(
      'config',
      '[profile b]\nregion = eu-west-1 # Ireland\ns3 =\n  region = no\n[default]\nregion=us-east-1\nca_bundle = /ca.pem\n' +
        '[sso-session x]\nsso_start_url = https://x\n[services y]\nregion = no\n[profile "c"]\nsso_session = x\n',
    );
    put('credentials', '[a]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n[b]\nregion = ignored\n');
    const profiles = await read();
    expect(profiles).toEqual([
      { name: 'default', region: 'us-east-1', sso: false, caBundle: '/ca.pem' },
      { name: 'a', sso: false },
      { name: 'b', region: 'eu-west-1', sso: false },
      { name: 'c', sso: true },
    ]);
    // The SDK would keep what it reads by itself.
    expect(externalDataInterceptor.getFileRecord()).toEqual({});
  });

  test('of no files, of a folder, of files elsewhere', async () => {
    expect(await read()).toEqual([]);
    expect(await read({ AWS_CONFIG_FILE: home })).toEqual([]);
    put('other', '[profile d]\nregion = eu-west-1\n');
    expect(await read({ AWS_CONFIG_FILE: '~/.aws/other' })).toEqual([{ name: 'd', region: 'eu-west-1', sso: false }]);
  });

  test('are as the files are now', async () => {
    put('config', '[profile d]\nregion = eu-west-1\n');
    expect(await read()).toHaveLength(1);
    put('config', '[profile d]\nregion = eu-west-2\n[profile e]\nregion = eu-west-1\n');
    const two = await Promise.all([read(), read({ AWS_CONFIG_FILE: join(home, 'none') })]);
    expect(two.map((each) => each.map(({ name }) => name))).toEqual([['d', 'e'], []]);
  });

  test('no pipe is waited for, no large file read, and one that is wrong costs itself alone', async () => {
    put('credentials', '[a]\naws_access_key_id = AKIAEXAMPLE\n');
    const onlyA = [{ name: 'a', sso: false }];
    if (process.platform !== 'win32') {
      spawnSync('mkfifo', [join(home, 'pipe')]);
      expect(await read({ AWS_CONFIG_FILE: join(home, 'pipe') })).toEqual(onlyA);
      expect(await read({ AWS_CONFIG_FILE: '/dev/zero' })).toEqual(onlyA);
    }
    put('config', `[profile d]\nregion = eu-west-1\n${'# '.repeat(1024 * 1024)}`);
    expect(await read()).toEqual(onlyA);
    put('config', '[profile d]\nregion = eu-west-1\n[__proto__]\nregion = x\n');
    expect(await read()).toEqual(onlyA);
    put('config', '\0\xff[[[]]]\n===\n[profile ]\n=x\n[profile d\nregion = x\n');
    expect(await read()).toEqual(onlyA);
  });
});
