import { afterEach, describe, expect, it } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol/node';
import type { AccessData } from '../../protocol/access';
import type { ExplainPage } from '../../protocol/explain';
import { LspClient } from '../support/lspClient';
import { article } from './article';

let client: LspClient;
afterEach(() => client.stop());

const account = 'demo/service-account.yaml';
const trust = 'demo/trust-policy.json';
const explain = (): Promise<ExplainPage> => client.request('podRoles/explain', { uri: client.uri(account) });

describe('Explain Access', () => {
  it('names its fixes so that the code actions of their places have them, for the version that is open', async () => {
    client = await LspClient.start({ files: article });
    await client.open(trust, article[trust]);
    const { fixes } = await explain();
    expect(fixes.flatMap(({ titles }) => titles)).toContain('Use :sub for the subject');
    for (const { place, titles, rule, version } of fixes) {
      expect([place!.uri, version]).toEqual([client.uri(trust), expect.any(Number)]);
      const { line, character, end } = place!;
      const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri: place!.uri },
        range: { start: { line, character }, end },
        context: { diagnostics: [] },
      });
      for (const title of titles)
        expect(actions.some((each) => each.title === title && each.edit && each.diagnostics?.some(({ code }) => code === rule))).toBe(true);
    }
  });

  it('follows the text, and tells the views that something changed', async () => {
    client = await LspClient.start({ files: article });
    let told = 0;
    client.connection.onNotification('podRoles/accessChanged', () => void told++);
    await client.open(trust, article[trust]);
    expect((await explain()).decision).toBe('denied');
    const before = told;
    await client.type(trust, ':aud', ':sub');
    await client.until(() => told > before, 'the views are told');
    const page = await explain();
    expect([page.decision, page.answer, page.fixes]).toEqual(['allowed', 'Yes.', []]);
    expect(page.text.startsWith(`${page.question}   Yes.\n`)).toBe(true);
  });
});

describe('Explain Access of a file that is not open', () => {
  const two = ['first', 'second'].map((name) => article[account].replace('name: demo-sa', `name: ${name}`)).join('---\n');
  const questions = async (): Promise<string[]> => {
    const lines = two.split('\n').flatMap((text, line) => (text.includes('kind: ServiceAccount') ? [line] : []));
    const pages = lines.map((line) =>
      client.request<ExplainPage>('podRoles/explain', { uri: client.uri('two.yaml'), position: { line, character: 0 } }),
    );
    return (await Promise.all(pages)).map(({ question }) => question);
  };
  const expected = ['first', 'second'].map((name) => `Can demo-namespace/${name} assume demo-role?`);

  it('is of the account at the place, as if it were open', async () => {
    client = await LspClient.start({ files: { ...article, 'two.yaml': two } });
    expect(await questions()).toEqual(expected);
    await client.open('two.yaml', two);
    expect(await questions()).toEqual(expected);
    await client.close('two.yaml');
    expect(await questions()).toEqual(expected);
  });
});

describe('the access map', () => {
  const rows = async (): Promise<AccessData['rows']> => (await client.request<AccessData>('podRoles/accessMap', {})).rows;

  it('says who can assume what, with places', async () => {
    client = await LspClient.start({ files: article });
    const [row, ...more] = await rows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ namespace: 'demo-namespace', serviceAccount: 'demo-sa', roleName: 'demo-role', decision: 'denied' });
    expect([row!.account?.uri, row!.policy?.uri, row!.workload?.place?.uri]).toEqual(
      [account, trust, 'demo/deployment.yaml'].map((path) => client.uri(path)),
    );
  });

  it('shows names that anyone wrote, and no character that cannot be seen', async () => {
    const hostile = article[account].replace('name: demo-sa', 'name: "a\\u202eb\\n<img onerror=x>"');
    expect(hostile).not.toBe(article[account]);
    client = await LspClient.start({ files: { ...article, [account]: hostile } });
    expect((await rows()).map(({ serviceAccount }) => serviceAccount)).toEqual(['a\\u202eb\\n<img onerror=x>']);
    expect((await explain()).question).toContain('a\\u202eb');
  });
});

describe('whether there is wiring', () => {
  it('is told once some service account uses a role, and no longer when none does', async () => {
    client = await LspClient.start({ files: { [account]: article[account] } });
    expect(client.statuses.at(-1)!.wiring).toBe(true);
    const line = /\n +eks\.amazonaws\.com\/role-arn: .*/.exec(article[account])![0];
    await client.open(account, article[account]);
    await client.type(account, line, '');
    await client.until(() => client.statuses.at(-1)!.wiring === false, 'nothing uses a role');
  });

  it('is not told of a repository that has nothing to do with roles', async () => {
    client = await LspClient.start({ files: { 'a.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n', 'b.json': '{}' } });
    expect(client.statuses.every(({ wiring }) => !wiring)).toBe(true);
  });
});

describe('the page of a rule', () => {
  it('is a command for our own client: in the diagnostic, and in the light bulb', async () => {
    client = await LspClient.start({ files: article });
    await client.open(trust, article[trust]);
    const [diagnostic] = (await client.diagnostics(trust)) as [Diagnostic];
    const href = diagnostic.codeDescription!.href;
    expect(href.startsWith('command:podRoles.explainRule?')).toBe(true);
    expect(JSON.parse(decodeURIComponent(href.slice(href.indexOf('?') + 1)))).toEqual([diagnostic.code]);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: client.uri(trust) },
      range: diagnostic.range,
      context: { diagnostics: [] },
    });
    const page = actions.find(({ title }) => title.startsWith('Explain the rule'));
    expect(page?.command).toMatchObject({ command: 'podRoles.explainRule', arguments: [diagnostic.code] });
  });

  it('is an address for others', async () => {
    client = await LspClient.start({ files: article, podRolesCommands: false });
    await client.open(trust, article[trust]);
    const [diagnostic] = (await client.diagnostics(trust)) as [Diagnostic];
    expect(diagnostic.codeDescription!.href).toMatch(/^https:\/\/.*\/docs\/rules\/subject-under-audience-key\.md$/);
  });
});
