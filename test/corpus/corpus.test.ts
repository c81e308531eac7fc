import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingsOf, openWorkspace } from '../support/fixtureWorkspace';
import { useCli } from '../support/cli';

/** Real public files beside the repository, where they are present: `check` says what is wrong in them, and nothing else. */
const corpus = resolve(import.meta.dirname, '../../../shared/corpus');
const present = existsSync(corpus);
if (!present) console.log('Skipped: no folder ../shared/corpus beside the repository.');

const cli = useCli();

interface Report {
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly path: string; readonly line: number }[];
  readonly summary: {
    readonly files: number;
    readonly relevant: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
  };
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

const recorded = 'pulumi__pulumi-eks/tests/testdata/recorded/TestProviderUpgrade/oidc-iam-sa';
const noAudience = 'the policy compares :sub alone, so a token for any client ID of the provider is taken';

/** Every finding on the corpus (level, rule, place) with the reason why it is right. */
const expected: readonly (readonly [finding: string, reason: string])[] = [
  [
    'info token-expiration-invalid aws__amazon-eks-pod-identity-webhook/pkg/handler/testdata/rawPodMinTokenExpiration.pod.yaml:13',
    'the webhook tests there that it raises "0" to its least of 600 seconds; a folder of test data, so an info',
  ],
  [`info audience-condition-missing ${recorded}/1.0.4/state.json:1620`, `inputs of the role; ${noAudience}`],
  [`info audience-condition-missing ${recorded}/1.0.4/state.json:1628`, `outputs of the same role; ${noAudience}`],
  [`info audience-condition-missing ${recorded}/2.2.1/state.json:1575`, `inputs of the role; ${noAudience}`],
  [`info audience-condition-missing ${recorded}/2.2.1/state.json:1583`, `outputs of the same role; ${noAudience}`],
  [`info audience-condition-missing ${recorded}/3.0.0/stack.json:2086`, `inputs of the role; ${noAudience}`],
  [`info audience-condition-missing ${recorded}/3.0.0/stack.json:2094`, `outputs of the same role; ${noAudience}`],
];

const noisy = new Set(expected.map(([finding]) => finding.replace(/^.* (.*):\d+$/, '$1')));

describe.skipIf(!present)('check over ../shared/corpus', () => {
  it('finds what is listed, each with its reason, and nothing else', async () => {
    const { code, stdout, stderr } = await cli(['check', '.', '--format', 'json'], { cwd: corpus });
    expect(stderr).toBe('');
    const { findings, summary, skipped } = JSON.parse(stdout) as Report;
    expect(findings.map((f) => `${f.severity} ${f.rule} ${f.path}:${f.line}`)).toEqual(expected.map(([finding]) => finding));
    expect(skipped).toEqual([]);
    expect(code).toBe(0);
    // Silence is the right answer for nearly all of them.
    expect(new Set(findings.map((f) => f.path))).toEqual(noisy);
    expect(noisy.size).toBe(4);
    expect(summary.files).toBe(112);
    expect(summary.relevant - noisy.size).toBeGreaterThanOrEqual(70);
    expect(summary).toMatchObject({ errors: 0, warnings: 0, infos: 7 });
  });

  it.each(present ? repositories() : [])('%s alone gives the same: nothing is joined across repositories', (repository) => {
    const files = new Map(
      readdirSync(join(corpus, repository), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(?:ya?ml|json)$/.test(file))
        .sort()
        .map((file) => [`${repository}/${file.replaceAll('\\', '/')}`, readFileSync(join(corpus, repository, file), 'utf8')]),
    );
    // A rule that throws is logged, and the log makes openWorkspace throw.
    const workspace = openWorkspace(files);
    const found = findingsOf(workspace, files.keys()).map(({ level, rule, at: { doc, span } }) => {
      const path = doc.uri.replace('file:///workspace/', '');
      return `${level} ${rule} ${path}:${
        files
          .get(path)!
          .slice(0, doc.start + span.start)
          .split('\n').length
      }`;
    });
    expect(found.sort()).toEqual(
      expected
        .map(([finding]) => finding)
        .filter((finding) => finding.includes(` ${repository}/`))
        .sort(),
    );
  });
});

function repositories(): string[] {
  return readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
