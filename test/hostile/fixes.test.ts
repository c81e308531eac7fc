import { describe, expect, it } from 'vitest';
import type { FixedFiles } from '../../server/src/core/fixes/fixAll';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { issuer, policy, range, statement } from './growthShapes';

/** A policy whose every statement has mistakes, some of which only a person can mend. */
function mistaken(n: number): string {
  return policy(
    range(n).map(() =>
      statement(
        { StringEquals: { [`https://${issuer}:sub`]: 'x', [`${issuer}:aud`]: 'system:serviceaccount:shop:*' } },
        { Action: 'sts:AssumeRole' },
      ),
    ),
  );
}

function fixed(text: string): FixedFiles {
  const uri = 'file:///w/r.trust.json';
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
    textOf: () => ({ text: now }),
  });
  let now = text;
  workspace.load(uri, text);
  return workspace.fixAll(
    [uri],
    () => now,
    (_, next) => {
      now = next;
      workspace.load(uri, next);
    },
  );
}

// All rounds over all statements read the text again thousands of times.
describe('fixes that are too many to judge', { timeout: 120_000 }, () => {
  it('stop with what is done, and say so', () => {
    const files = fixed(mistaken(60));
    expect(files.unfinished).toBe(true);
    const [file] = files.values();
    expect(file!.titles.length).toBeGreaterThan(0);
    expect(JSON.parse(file!.text)).toMatchObject({ Version: '2012-10-17' });
  });

  it('are all made where they are few', () => {
    const files = fixed(mistaken(5));
    expect(files.unfinished).toBe(false);
    const [file] = files.values();
    expect(file!.text).not.toContain('https://');
    expect(fixed(file!.text)).toMatchObject({ size: 0, unfinished: false });
  });
});

describe('the command line', () => {
  const cli = useCli();

  it('tells that another run goes on', { timeout: 120_000 }, async () => {
    const cwd = folder({ 'r.trust.json': mistaken(60) });
    expect((await cli(['check', '--fix', '--fail-on', 'never'], { cwd })).stderr).toContain(
      'There are too many fixes for one run. Run --fix again to continue.',
    );
    expect((await cli(['check', '--fix-dry-run', '--fail-on', 'never'], { cwd: folder({ 'r.trust.json': mistaken(3) }) })).stderr).toBe('');
  });
});
