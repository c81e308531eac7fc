import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, Location } from 'vscode-languageserver-protocol/node';
import type { ExplainPage } from '../../protocol/explain';
import { applyEdits, LspClient } from '../support/lspClient';
import { article } from './article';

describe("the article's mistake, from the first key to the green lens", () => {
  let client: LspClient;
  beforeAll(async () => {
    client = await LspClient.start({ files: article });
    for (const [path, text] of Object.entries(article)) await client.open(path, text);
  });
  afterAll(() => client.stop());

  it('says on the key alone that the condition can never match', async () => {
    const found = await client.diagnostics('demo/trust-policy.json');
    expect(found.map((d) => d.code)).toEqual(['subject-under-audience-key']);
    const [diagnostic] = found;
    expect(diagnostic!.severity).toBe(1);
    expect(diagnostic!.source).toBe('pod-roles');
    expect(diagnostic!.message).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect(diagnostic!.codeDescription?.href).toContain('subject-under-audience-key');
    const line = article['demo/trust-policy.json'].split('\n')[diagnostic!.range.start.line]!;
    expect(line.slice(diagnostic!.range.start.character, diagnostic!.range.end.character)).toBe('[OIDC_ID]:aud');
  });

  it("names the cause on the account, as an info: that the policy is its role's is only likely", async () => {
    const told = await client.diagnostics('demo/service-account.yaml');
    expect(told.map(({ code, severity }) => [code, severity])).toEqual([['subject-under-audience-key', 3]]);
    expect(told[0]!.message).toContain('Cause in trust-policy.json: :aud is compared with a service account subject');
    expect(await client.diagnostics('demo/deployment.yaml')).toEqual([]);
  });

  it('states the refusal in the lens', async () => {
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: client.uri('demo/service-account.yaml') },
    });
    expect(lenses[0]!.command!.title).toBe("✗ Can't assume demo-role: audience doesn't match · 1 workload");
  });

  it('mends it with one click, and the lens and the page say so', async () => {
    const [diagnostic] = await client.diagnostics('demo/trust-policy.json');
    const uri = client.uri('demo/trust-policy.json');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic] },
    });
    const fix = actions.find((action) => action.isPreferred)!;
    expect(fix.title).toBe('Use :sub for the subject');
    const mended = applyEdits(client.text('demo/trust-policy.json'), fix.edit!.changes![uri]!);
    expect(mended).toBe(article['demo/trust-policy.json'].replace(':aud', ':sub'));
    await client.type('demo/trust-policy.json', ':aud', ':sub');
    expect((await client.diagnostics('demo/trust-policy.json')).filter((d) => d.severity === 1)).toEqual([]);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: client.uri('demo/service-account.yaml') },
    });
    expect(lenses[0]!.command!.title).toBe('✓ Can assume demo-role · 1 workload');
    const page = await client.request<ExplainPage>('podRoles/explain', {
      uri: client.uri('demo/service-account.yaml'),
    });
    expect(page.decision).toBe('allowed');
    expect(page.text).toContain('Can demo-namespace/demo-sa assume demo-role?');
    expect(page.text).not.toContain('✗');
    const places = page.steps.flatMap((step) => [step, ...step.parts]).flatMap(({ place }) => (place ? [place.uri] : []));
    expect(page.chain.map(({ kind, place }) => [kind, place?.uri])).toEqual([
      ['workload', client.uri('demo/deployment.yaml')],
      ['account', client.uri('demo/service-account.yaml')],
      ['role', client.uri('demo/trust-policy.json')],
    ]);
    expect(new Set(places)).toEqual(new Set(Object.keys(article).map((path) => client.uri(path))));
  });

  it('leads along the chain', async () => {
    const target = await client.open(
      'demo/deployment.yaml',
      article['demo/deployment.yaml'].replace('serviceAccountName: demo', 'serviceAccountName: de‸mo'),
    );
    const definition = await client.at<Location[]>('textDocument/definition', target);
    expect(definition.map((location) => location.uri)).toEqual([client.uri('demo/service-account.yaml')]);
    const account = await client.open('demo/service-account.yaml', article['demo/service-account.yaml'].replace('role/demo', 'role/de‸mo'));
    const policy = await client.at<Location[]>('textDocument/definition', account);
    expect(policy.map((location) => location.uri)).toEqual([client.uri('demo/trust-policy.json')]);
  });
});
