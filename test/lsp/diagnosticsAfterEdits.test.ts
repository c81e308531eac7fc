import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultSettings } from '../../server/src/core/config/settings';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { toDiagnostic } from '../../server/src/lsp/convert';
import { OpenDocuments } from '../../server/src/lsp/documents';
import { account, deployment, trust, uriOf } from '../wiring/build';
import { runs } from '../support/runs';

const uri = uriOf('iam/all.yaml');
const policy = uriOf('iam/demo-role/trust.json');
const names = ['demo-sa', 'demo-sb'];
const levels = { ...defaultSettings, rules: { 'role-arn-malformed': 'info' as const } };

const document = fc.oneof(
  fc.tuple(fc.constantFrom(...names), fc.constantFrom('demo', 'x')).map(([name, namespace]) => account(name, namespace, 'demo-role')),
  fc.constantFrom(...names).map((name) => account(name, 'demo', 'demo-role').replace(':role/', ':user/')),
  fc.constantFrom(...names).map((name) => deployment(name, 'x')),
  fc.constantFrom('just: text\n', '# pod-roles-disable-file subject-mismatch\n', 'kind: [\n'),
);
const policyText = fc.constantFrom(...names, 'other', 'demo*').map((name) => trust(`demo:${name}`));

type Step =
  | { readonly kind: 'type'; readonly at: number; readonly remove: number; readonly text: string }
  | { readonly kind: 'policy'; readonly text: string }
  | { readonly kind: 'configure'; readonly isDefault: boolean }
  | { readonly kind: 'ask' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(4),
      text: fc.constantFrom('', 'a', '\n', '---\n', '\n---\n', ': ', '"', '# pod-roles-disable-next-line\n'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(80),
      text: document.map((text) => `---\n${text}---\n`),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('policy' as const), text: policyText }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('configure' as const), isDefault: fc.boolean() }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'ask' as const }) },
);

/** What an editor shows for the open file. */
function shown(workspace: Workspace): unknown {
  return workspace.check(uri).map((finding) => toDiagnostic(workspace, finding, { relatedInformation: true, podRolesCommands: true }));
}

it('diagnostics of a file that was edited are those of the same text just opened', () => {
  let seen = 0;
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 1, maxLength: 12 }),
      policyText,
      fc.array(step, { minLength: 1, maxLength: 16 }),
      (documents, firstPolicy, steps) => {
        const workspace = new Workspace();
        const open = new OpenDocuments(workspace);
        let [text, settings] = [firstPolicy, defaultSettings];
        workspace.load(policy, text);
        open.open(uri, 'yaml', 1, documents.join('---\n'));
        for (const [i, action] of [...steps, { kind: 'ask' as const }].entries()) {
          const whole = open.all.get(uri)!.getText();
          if (action.kind === 'policy') workspace.load(policy, (text = action.text));
          else if (action.kind === 'configure') workspace.configure((settings = action.isDefault ? defaultSettings : levels));
          else if (action.kind === 'type') {
            const start = Math.floor(action.at * whole.length);
            const positions = [start, Math.min(whole.length, start + action.remove)].map((offset) => {
              const before = whole.slice(0, offset).split('\n');
              return { line: before.length - 1, character: before[before.length - 1]!.length };
            });
            open.change(uri, i + 2, [{ range: { start: positions[0]!, end: positions[1]! }, text: action.text }]);
          } else {
            const fresh = new Workspace({ settings });
            fresh.load(policy, text);
            fresh.open(uri, whole, 'yaml');
            const now = shown(workspace);
            expect(now).toEqual(shown(fresh));
            if (JSON.stringify(now) !== '[]') seen++;
          }
        }
      },
    ),
    { numRuns: runs(300) },
  );
  expect(seen, 'some diagnostics must be compared').toBeGreaterThan((runs(300) * 2) / 3);
});
