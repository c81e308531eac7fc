import { describe, expect, it } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { code, codeCell, commandLink, escape, placeLink, urlLink } from '../../server/src/core/features/markdown';
import { openWorkspace, uriOf } from '../support/fixtureWorkspace';

/** What would be a link, an image, HTML, a fence, a table, a heading or a command if it came through as it is. */
const evil = [
  '[a](command:workbench.action.quit)',
  '![x](http://evil.example/x.png)',
  '<img src=http://evil.example/y>',
  '<a href="command:x">y</a>',
  '`c`',
  '``',
  '```',
  '```sh\nrm\n```',
  'http://evil.example/z',
  'www.evil.example',
  'me@evil.example',
  '| a | b |',
  '# head',
  '\n# head\n',
  '- item',
  '&lt;b&gt;',
  '\\[b](command:y)',
  '\\',
  '$(zap)',
  'a\u202eb\u2028c\u001b[2J',
  '[r]: command:z',
  '<command:q>',
  '](command:w)',
];

/** The Markdown without its spans of code: by CommonMark, a span ends at a run of as many backticks as it began with. */
function withoutCode(markdown: string): string {
  let rest = '';
  for (let at = 0; at < markdown.length;) {
    const run = /`+/y;
    run.lastIndex = at;
    const open = run.exec(markdown)?.[0];
    if (open === undefined) {
      // An escaped backtick begins nothing.
      const next = markdown[at] === '\\' ? 2 : 1;
      rest += markdown.slice(at, at + next);
      at += next;
      continue;
    }
    const close = [...markdown.slice(at + open.length).matchAll(/`+/g)].find(([found]) => found.length === open.length);
    rest += close ? 'CODE' : open;
    at += open.length + (close ? close.index + close[0].length : 0);
  }
  return rest;
}

/** Nothing that a workspace says is Markdown of its own. */
function expectInert(markdown: string): void {
  expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  const rest = withoutCode(markdown).replace(/\\[!-/:-@[-`{-~]/g, 'ESCAPED');
  expect(rest).not.toMatch(/!\[|<(?!br>)|```|^\[[^\]]*\]:/m);
  for (const [, target] of rest.matchAll(/\]\(([^)]*)\)/g))
    expect(target).toMatch(/^(file:\/\/\/workspace\/|https:\/\/(?!evil)|command:podRoles\.|ESCAPED)/);
  expect(rest.replace(/\]\([^)]*\)/g, '')).not.toMatch(/https?:\/\/evil|www\.evil|me@evil/);
}

describe('text of a workspace in Markdown', () => {
  it.each(evil)('%j is nothing but text', (text) => {
    for (const markdown of [
      escape(text),
      code(text),
      `| ${codeCell(text)} | x |`,
      placeLink(text, `file:///workspace/${text}`, 1),
      urlLink(text, 'https://example.com/a'),
      commandLink(text, 'podRoles.explainAccess', [text], { commands: true })!,
    ])
      expectInert(markdown);
    expect(placeLink('x', text, 1)).not.toMatch(/\]\((?!file:)/);
  });

  it.each(['file:///c%3A/repo/a%402/x%20y.yaml', 'file:///w/%23%2B%25%C3%A4.yaml', 'file:///w/app%20%281%29.yaml'])(
    'a link leads to %s, with its encoding as it is',
    (uri) => expect(placeLink('x', uri, 11)).toBe(`[x](${uri}#L12)`),
  );

  it('a link to an address that is not encoded is encoded', () => {
    expect(placeLink('x', 'file:///w/a b(1)#2/\ud800ä%.yaml', 0)).toBe('[x](file:///w/a%20b%281%29%232/%EF%BF%BD%C3%A4%25.yaml#L1)');
  });

  it.each(evil)('%j as every name of accounts, roles and policies stays text in hovers and completions', (text) => {
    const word = JSON.stringify(text);
    const files = new Map([
      [
        'k8s/sa.yaml',
        `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${word}
  namespace: ${word}
  annotations:
    eks.amazonaws.com/role-arn: ${JSON.stringify(`arn:aws:iam::111122223333:role/${text}`)}
    eks.amazonaws.com/audience: ${word}
    eks.amazonaws.com/token-expiration: ${word}
    eks.amazonaws.com/sts-regional-endpoints: ${word}
    eks.amazonaws.com/skip-containers: ${word}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${word}
  namespace: ${word}
spec:
  template:
    spec:
      serviceAccountName: ${word}
      containers:
        - name: ${word}
          image: ${word}
`,
      ],
      [
        'iam/app/trust.json',
        JSON.stringify(
          {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: text,
                Effect: 'Allow',
                Principal: {
                  Federated: [
                    `arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F`,
                    text,
                  ],
                },
                Action: ['sts:AssumeRoleWithWebIdentity', text],
                Condition: {
                  StringEquals: {
                    'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub': [
                      `system:serviceaccount:demo:${text}`,
                      text,
                    ],
                    [text]: text,
                    'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud': [text],
                  },
                  [text]: { [text]: text },
                },
              },
            ],
          },
          null,
          1,
        ),
      ],
    ]);
    const workspace = openWorkspace(files);
    let hovers = 0;
    for (const [path, content] of files) {
      for (let offset = 0; offset < content.length; offset += 7) {
        const hover = hoverAt(workspace, uriOf(path), offset, { commands: true });
        if (hover) expectInert(hover.markdown);
        hovers += hover ? 1 : 0;
        if (offset % 28 === 0)
          for (const { documentation } of completionAt(workspace, uriOf(path), offset)?.items ?? [])
            if (documentation) expectInert(documentation);
      }
    }
    expect(hovers).toBeGreaterThan(8);
  });
});
