import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allRules } from '../../server/src/core/rules/registry';
import { explainAccount } from '../../server/src/core/features/explain';
import { headlineLimit } from '../../server/src/core/text/message';
import { parseFixture } from '../support/fixture';
import { findingsOf, openWorkspace } from '../support/fixtureWorkspace';

/** The lines of a rule's messages in a fixture. */
function messages(rule: string, fixture: string): string[][] {
  const { files } = parseFixture(readFileSync(resolve(import.meta.dirname, `${fixture}.fixture`), 'utf8'));
  return findingsOf(openWorkspace(files), files.keys())
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message.split('\n'));
}

const fixturesOf = (folder: string): string[] =>
  readdirSync(resolve(import.meta.dirname, folder)).map((file) => `${folder}/${file.replace(/\.fixture$/, '')}`);

describe('what messages say', () => {
  it('a pod with the previous role: the annotation changed, and the webhook did answer', () => {
    const found = messages('pod-older-than-wiring', 'pod-older-than-wiring/other-role');
    expect(found.length).toBeGreaterThan(0);
    for (const [, second] of found)
      expect(second).toMatch(
        /^The annotation of the service account changed after the pods? started\. Pods keep the role that they started with\.$/,
      );
  });

  it("a key of another issuer is the cause, and not a subject that is the service account's own", () => {
    const found = messages('subject-mismatch', 'subject-mismatch/key-of-placeholder');
    expect(found.map(([first]) => first)).toEqual(["The trust policy of orders doesn't allow shop/orders."]);
    expect(found[0]![1]).toContain('the token comes from oidc.acme.io, not from oidc.acme.io/oidc/');
  });

  it('an invented key beside the association that a template makes needs no other one', () => {
    const found = messages('annotation-not-read', 'annotation-not-read/template-with-association');
    expect(found.map(([, , third]) => third)).toEqual([
      'Remove it.',
      'Create a Pod Identity association for the namespace and service account, and remove this key.',
    ]);
  });

  it.each([
    ['session-tags-disabled', 'session-tags-disabled/wrong'],
    ['operator-identity-mismatch', 'operator-identity-mismatch/store-association'],
  ])('no line of %s is longer than 140 characters', (rule, fixture) => {
    const found = messages(rule, fixture);
    expect(found.length).toBeGreaterThan(0);
    for (const line of found.flat()) expect(line.length, line).toBeLessThanOrEqual(140);
  });

  it('Explain names what to fix by the first line of a finding without a fix', () => {
    const texts = ['provider-not-registered', 'association-role-mismatch', 'provider-audience-missing']
      .flatMap(fixturesOf)
      .flatMap((fixture) => {
        const { files } = parseFixture(readFileSync(resolve(import.meta.dirname, `${fixture}.fixture`), 'utf8'));
        const workspace = openWorkspace(files);
        return [...workspace.wiring.accounts()].flatMap((account) => explainAccount(workspace, account).fixes);
      });
    const plain = texts.filter(({ titles }) => titles?.length === 0);
    expect(plain.length).toBeGreaterThan(0);
    for (const { text } of plain) expect(text.length, text).toBeLessThanOrEqual(headlineLimit);
  });
});

it('no rule is newer than the version that is being made', () => {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
  const order = (text: string): number => text.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  for (const { id, since } of allRules) expect(order(since), id).toBeLessThanOrEqual(order(version));
});
