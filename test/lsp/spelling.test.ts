import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { URI } from 'vscode-uri';
import { account, trust, wrongAccount } from '../cli/files';
import { LspClient } from '../support/lspClient';

const path = 'node@20+c/app (1).yaml';
let client: LspClient;
afterEach(() => client.stop());

const open = (uri: string, text: string): Promise<void> =>
  client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
const close = (uri: string): Promise<void> => client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });

/** The findings of files that are not open, by their paths. */
async function closedFindings(): Promise<[uri: string, codes: unknown[]][]> {
  const { items } = await client.request<{ items: { uri: string; items: { code: unknown }[] }[] }>('workspace/diagnostic', {
    previousResultIds: [],
  });
  return items.filter((each) => each.items.length > 0).map((each) => [each.uri, each.items.map(({ code }) => code)]);
}

describe.each([
  ['VS Code', (file: string) => URI.file(file).toString()],
  ['a client that encodes little', (file: string) => pathToFileURL(file).href],
  [
    'a client that encodes in lower case',
    (file: string) =>
      URI.file(file)
        .toString()
        .replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ],
])('a path that %s spells its own way', (_client, spell) => {
  it('is one file, open or closed', async () => {
    client = await LspClient.start({ files: { [path]: wrongAccount } });
    const uri = spell(join(client.root, path));
    expect(await closedFindings()).toEqual([[URI.file(join(client.root, path)).toString(), ['role-arn-malformed']]]);
    await open(uri, account('app', 'demo', undefined));
    // What is open has no mistake; what the disk holds is not told beside it.
    expect(await closedFindings()).toEqual([]);
    await close(uri);
    expect(await closedFindings()).toEqual([[uri, ['role-arn-malformed']]]);
    // A change on disk is of that file too.
    writeFileSync(join(client.root, path), account('app', 'demo', undefined));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri(path), type: 2 }] });
    await expect.poll(closedFindings, { timeout: 60_000 }).toEqual([]);
  });

  it('is named by that spelling in answers', async () => {
    const role = 'arn:aws:iam::111122223333:role/app-role';
    client = await LspClient.start({ files: { [path]: account('app', 'demo', role), 'iam/app-role.json': trust('demo:app') } });
    const uri = spell(join(client.root, path));
    const text = account('app', 'demo', role);
    await open(uri, text);
    const lines = text.split('\n');
    const line = lines.findIndex((each) => each.includes(role));
    const places = await client.request<{ uri: string }[]>('textDocument/references', {
      textDocument: { uri },
      position: { line, character: lines[line]!.indexOf('app-role') + 1 },
      context: { includeDeclaration: true },
    });
    expect(places.filter((place) => place.uri.includes('node')).map((place) => place.uri)).toEqual([uri]);
  });
});
