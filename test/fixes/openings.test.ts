import fc from 'fast-check';
import { expect, it } from 'vitest';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { referenceAllows, referenceRefuses, type Call } from '../trust/reference';
import { forms } from './forms';
import { issuer, mutations, policy, provider, type Policy } from './policies';
import { runs } from '../support/runs';

setHclParser(await loadHcl());

const probes = [
  'demo:app',
  'shop:orders',
  'demo:evil',
  'demo-evil:app',
  'intruder:evil',
  'kube-system:default',
  'intruder:app',
  'Demo:App',
].map((name) => `system:serviceaccount:${name}`);

/** The calls by which a pod would ask for the role: with its token, and as EKS does for an association. */
function callsOf(subject: string): Call[][] {
  const [, , namespace, name] = subject.split(':');
  const tags = { 'aws:requesttag/kubernetes-namespace': [namespace!], 'aws:requesttag/kubernetes-service-account': [name!] };
  const asService = (action: string): Call => ({
    action,
    keys: tags,
    isCaller: (kind, value) => kind === 'Service' && value === 'pods.eks.amazonaws.com',
  });
  return [
    [
      {
        action: 'sts:AssumeRoleWithWebIdentity',
        keys: { [`${issuer}:sub`.toLowerCase()]: [subject], [`${issuer}:aud`.toLowerCase()]: ['sts.amazonaws.com'] },
        isCaller: (kind, value) => kind === 'Federated' && value === provider,
      },
    ],
    [asService('sts:AssumeRole'), asService('sts:TagSession')],
  ];
}

function allowed(document: Policy | undefined): string[] {
  if (document === undefined || referenceRefuses(document)) return [];
  return probes.flatMap((subject) =>
    callsOf(subject).flatMap((calls, way) => (referenceAllows(document, calls) ? [`${way} ${subject}`] : [])),
  );
}

/** What the author wrote: subjects to the letter, or in a form that says the same; and patterns of one namespace below a Like operator. */
function isNamed(entry: string, text: string): boolean {
  const [, , namespace, name] = entry.split(':') as [string, string, string, string];
  if (entry.startsWith('1')) return text.includes(`kubernetes-namespace`) && text.includes(namespace) && text.includes(name);
  const plain = text
    .replace(/"String(Not)?Like"\s*:\s*\{[^}]*\}/g, (block, not) =>
      not ? '' : block.replace(`system:serviceaccount:${namespace}:*`, `system:serviceaccount:${namespace}:${name}`),
    )
    .replace(/"StringNotEquals?"\s*:\s*\{[^}]*\}/g, '');
  return new RegExp(`(?<![\\w-])${namespace}[:/]${name}(?![\\w-])`).test(plain);
}

it('a fix that runs unattended allows nobody but accounts that the policy plainly names, in every form', () => {
  let [opened, byHand, changed] = [0, 0, 0];
  fc.assert(
    fc.property(
      policy,
      fc.constantFrom(...mutations),
      fc.option(fc.constantFrom(...mutations)),
      fc.constantFrom(...forms),
      fc.constantFrom(undefined, 2),
      (whole, [, mutate], again, form, indent) => {
        const first = mutate(JSON.stringify(whole, null, indent));
        const json = again ? again[1](first) : first;
        const text = form.write(json);
        const uri = `file:///w/${form.path}`;
        const workspace = new Workspace({
          log: (message) => {
            throw new Error(message);
          },
        });
        workspace.open(uri, text);
        const fixed = workspace.fixesOf(uri);
        if (workspace.check(uri).some(({ fixes }) => fixes.some(({ title }) => /can assume the role\)$/.test(title)))) byHand++;
        if (!fixed) return;
        changed++;
        const after = form.read(fixed.text);
        expect(after, fixed.text).toBeDefined();
        const before = new Set(allowed(form.read(text)));
        const fresh = allowed(after).filter((each) => !before.has(each));
        expect(
          fresh.filter((each) => !isNamed(each, json)),
          `${json}\n${fixed.titles.join('\n')}\n${fixed.text}`,
        ).toEqual([]);
        if (fresh.length > 0) opened++;
        // A second run changes nothing.
        workspace.change(uri, fixed.text);
        expect(workspace.fixesOf(uri)?.titles ?? []).toEqual([]);
      },
    ),
    { numRuns: runs(400) },
  );
  expect([opened > runs(400) / 20, byHand > runs(400) / 20, changed > runs(400) / 10], JSON.stringify({ opened, byHand, changed })).toEqual(
    [true, true, true],
  );
}, 3_600_000);
