import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { documentSelector } from '../../client/src/documents';
import { isCandidate, isDocumentation } from '../../server/src/host/candidates';

const patterns = [...new Set(documentSelector.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])))];
const isSelected = (path: string): boolean => patterns.some((pattern) => picomatch.isMatch(path, pattern, { dot: true }));

describe('the documents that the server sees by their names', () => {
  // VS Code's globs (vs/base/common/glob.ts): a brace ends at the next closing brace.
  it.each(patterns)('%s has no braces inside braces', (pattern) => {
    expect(pattern.replace(/\{[^{}]*\}/g, '')).not.toMatch(/[{}]/);
  });

  // Whatever language id they have in an editor that has no extension for them.
  it.each([
    'a.tf',
    'x/main.tofu',
    'x/y/prod.tfvars',
    'a.yaml',
    'a.yml',
    'a.json',
    'a.jsonc',
    'chart/templates/_helpers.tpl',
    'a.yaml.tpl',
    'a.yml.j2',
    'a.json.tftpl',
    'k8s/kustomization',
    '.pod-roles.yaml',
    'README.md',
    'a.sh',
  ])('%s', (path) => {
    expect(isCandidate(path) || isDocumentation(path)).toBe(true);
    expect(isSelected(path)).toBe(true);
  });

  it.each(['a.ts', 'a.txt', 'Makefile', 'a.yaml.bak', 'tf'])('not %s', (path) => expect(isSelected(path)).toBe(false));
});
