import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { MigrateFile, MigratePlan, MigrateStepResult, MigrationStep } from '../../protocol/migrate';
import { forms } from '../migrate/edits/forms';
import type { Files } from '../migrate/host';
import * as repositories from '../migrate/repositories';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { applyEdits, LspClient } from '../support/lspClient';
import { movingFiles } from '../support/movingFiles';

/*
 * The command line and the editor give one plan, and make the same files of the same step, to the byte. The command line
 * writes them itself; of the editor it is the answers of the server, applied as VS Code applies a WorkspaceEdit.
 */

const cli = useCli();
let client: LspClient | undefined;
afterEach(async () => {
  await client?.stop();
  client = undefined;
});

const { irsaStatement, issuer, manifest, otherIssuer, roleArn, settings, trust } = repositories;
const crlf = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
const withMark = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, /\.(?:json|yaml)$/.test(path) ? `\ufeff${text}` : text]));

/** Two clusters, GitHub Actions, and two accounts on one policy; one account can't move, and one is nowhere else. */
const shared: Files = {
  'pod-roles.yaml': settings(),
  'k8s/orders.yaml': manifest('orders', roleArn('shop')),
  'k8s/cart.yaml': manifest('cart', roleArn('shop')),
  'k8s/search.yaml': manifest('search', roleArn('search'), 'search'),
  'iam/shop.json': trust(
    irsaStatement(['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart', 'system:serviceaccount:shop:absent']),
    repositories.github,
    irsaStatement('system:serviceaccount:shop:orders', otherIssuer),
  ),
  'iam/search.json': trust(irsaStatement('system:serviceaccount:search:*', issuer, 'StringLike')),
};

/** Every form that a trust policy may be written in, each for an account and a role of its own. */
const everyForm: Files = Object.assign(
  {
    'pod-roles.yaml': settings().replace(issuer, 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE'),
  },
  ...forms.map(({ file, text }, i) => ({
    [`form${i}/${file.replaceAll('orders', `app${i}`)}`]: text.replaceAll('orders', `app${i}`),
    [`form${i}/k8s/account.yaml`]: manifest(`app${i}`, roleArn(`app${i}`)),
  })),
) as Files;

const all: readonly (readonly [name: string, files: Files])[] = [
  ['a JSON policy', repositories.plainJson],
  ['a JSON policy with CRLF', crlf(repositories.plainJson)],
  ['files with a byte order mark', withMark(repositories.plainJson)],
  ['no cluster known', Object.fromEntries(Object.entries(repositories.plainJson).filter(([path]) => path !== 'pod-roles.yaml'))],
  ['several accounts, clusters and issuers', shared],
  ['several accounts with CRLF', crlf(shared)],
  ['Terraform', repositories.terraform],
  ['Terraform and Helm', repositories.terraformAndHelm],
  ['Terraform and Helm with CRLF', crlf(repositories.terraformAndHelm)],
  ['Terraform, JSON and manifests', movingFiles],
  ['CloudFormation', repositories.cloudFormation],
  ['ACK', repositories.ack],
  ['Crossplane', repositories.crossplane],
  ['eksctl', repositories.eksctl],
  ['every form of a policy', everyForm],
];

/** All files of a folder, byte for byte. */
function onDisk(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'latin1')]),
  );
}

/** What VS Code does with a step: edits in the text without its byte order mark, which a save puts back. */
function applied({ uri, action, before, after, edits }: MigrateFile): void {
  const path = fileURLToPath(uri);
  if (action === 'create') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, after, { flag: 'wx' });
    return;
  }
  const bytes = readFileSync(path, 'utf8');
  const mark = bytes.startsWith('\ufeff') ? '\ufeff' : '';
  const text = bytes.slice(mark.length);
  expect(before.replace(/^\ufeff/, '')).toBe(text);
  writeFileSync(path, mark + applyEdits(text, edits));
}

/** The step in the editor for all accounts that it may select, and what it says. */
async function stepInEditor(editor: LspClient, step: MigrationStep): Promise<MigrateStepResult | undefined> {
  const { rows } = await editor.request<MigratePlan>('podRoles/migratePlan', { direction: 'to-pod-identity' });
  const accounts = rows.flatMap(({ account: each }) => each ?? []);
  if (accounts.length === 0) return undefined;
  const result = await editor.request<MigrateStepResult>('podRoles/migrateStep', { direction: 'to-pod-identity', step, accounts });
  for (const file of result.files) applied(file);
  const changes = result.files.map(({ uri, action }) => ({ uri, type: action === 'create' ? 1 : 2 }));
  const { refreshes } = editor;
  await editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  if (changes.length > 0) await editor.until(() => editor.refreshes > refreshes, 'the files are read again');
  return result;
}

interface StepJson {
  readonly accounts: readonly string[];
  readonly refused: readonly object[];
  readonly files: readonly { readonly path: string }[];
  readonly proofs: readonly { readonly role: string; readonly keeps: { kind: string }; readonly addsNobody: { kind: string } }[];
  readonly script?: string;
  readonly next: readonly string[];
}

describe.each(all)('%s', (_, files) => {
  test('expand, undo, expand, contract', async () => {
    const root = folder(files);
    client = await LspClient.start({ files });
    for (const step of ['expand', 'undo', 'expand', 'contract'] as const) {
      const json = await cli(['migrate', '--step', step, '--write', '--format', 'json'], { cwd: root });
      const said = await stepInEditor(client, step);
      const told = JSON.parse(json.stdout) as StepJson;
      expect(onDisk(client.root)).toEqual(onDisk(root));
      expect(said?.accounts ?? []).toEqual(told.accounts);
      expect(said?.script).toBe(told.script);
      expect(said?.next ?? []).toEqual(told.next);
      if (!said) continue;
      expect(said.files.map(({ path }) => path)).toEqual(told.files.map(({ path }) => path));
      expect(said.refused).toEqual(told.refused);
      expect(said.proofs.map(({ role, lines }) => [role, lines.every(({ holds }) => holds === true)])).toEqual(
        told.proofs.map(({ role, keeps, addsNobody }) => [role, keeps.kind === 'included' && addsNobody.kind === 'included']),
      );
    }
    const { stdout } = await cli(['migrate'], { cwd: root });
    const { text } = await client.request<MigratePlan>('podRoles/migratePlan', { direction: 'to-pod-identity' });
    expect(text).toBe(stdout);
  });
});
