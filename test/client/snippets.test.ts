import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../server/src/core/config/readSettings';
import { findingsOf, openWorkspace, uriOf } from '../support/fixtureWorkspace';

interface Snippet {
  readonly prefix: readonly string[];
  readonly description: string;
  readonly body: readonly string[];
}

const root = resolve(import.meta.dirname, '../..');
const load = (name: string) => JSON.parse(readFileSync(join(root, 'snippets', name), 'utf8')) as Record<string, Snippet>;
const all = { ...load('yaml.json'), ...load('json.json') };

/** What stands in the editor when a user presses Tab through the snippet and changes nothing. */
function expand({ body }: Snippet): string {
  const defaults = new Map<string, string>();
  const text = body.join('\n');
  for (const [, number, value] of text.matchAll(/\$\{(\d+):([^}]*)\}/g)) if (!defaults.has(number!)) defaults.set(number!, value!);
  return text.replaceAll(
    /\$\{(\d+)(?::[^}]*)?\}|\$(\d+)/g,
    (_, braced: string | undefined, plain: string | undefined) => defaults.get(braced ?? plain ?? '') ?? '',
  );
}

describe('snippets', () => {
  it('each begin with a prefix that a user finds under pod-role', () => {
    for (const { prefix } of Object.values(all)) expect(prefix[0]).toMatch(/^pod-role/);
  });

  it('use the same default wherever a placeholder is repeated', () => {
    for (const [name, { body }] of Object.entries(all)) {
      const seen = new Map<string, string>();
      for (const [, number, value] of body.join('\n').matchAll(/\$\{(\d+):([^}]*)\}/g)) {
        expect(seen.get(number!) ?? value, name).toBe(value);
        seen.set(number!, value!);
      }
    }
  });

  it.each(Object.keys(load('json.json')))('%s is valid JSON', (name) => {
    expect(() => JSON.parse(expand(all[name]!)) as unknown).not.toThrow();
  });

  it('fit each other: account, workload and trust policy as they come make an allowed chain', () => {
    const files = new Map([
      ['k8s/sa.yaml', expand(all['ServiceAccount with an IAM role']!)],
      ['k8s/deployment.yaml', expand(all['Deployment that uses a ServiceAccount']!)],
      ['iam/demo-role/trust-policy.json', expand(all['Trust policy for a ServiceAccount (IRSA)']!)],
    ]);
    const workspace = openWorkspace(files);
    expect(findingsOf(workspace, files.keys()).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    const chains = workspace.wiring.chains();
    expect([...chains].map((chain) => workspace.verdict(chain)?.decision)).toEqual(['allowed']);
  });

  it.each(['Pod Identity association (ACK)', 'Trust policy for EKS Pod Identity'])('%s raises no finding', (name) => {
    const files = new Map([[name.startsWith('Pod') ? 'association.yaml' : 'trust.json', expand(all[name]!)]]);
    expect(findingsOf(openWorkspace(files), files.keys()).map(({ rule }) => rule)).toEqual([]);
  });

  it('pod-roles.yaml is a configuration without problems', () => {
    expect(readSettings(expand(all['pod-roles.yaml']!), uriOf('pod-roles.yaml')).problems).toEqual([]);
  });
});
