import { mayMatter } from '../../readers/prescan/trigger';
import type { Piece } from './piece';

type PieceSyntax = Piece['syntax'];

/** Words by which fences, listings and files say what they hold. */
const named: Readonly<Record<string, PieceSyntax | 'shell' | 'any'>> = {
  json: 'json',
  jsonc: 'json',
  json5: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  helm: 'yaml',
  kubernetes: 'yaml',
  k8s: 'yaml',
  hcl: 'hcl',
  terraform: 'hcl',
  tf: 'hcl',
  tofu: 'hcl',
  opentofu: 'hcl',
  bash: 'shell',
  sh: 'shell',
  shell: 'shell',
  zsh: 'shell',
  console: 'shell',
  'shell-session': 'shell',
  shellsession: 'shell',
  terminal: 'shell',
  'sh-session': 'shell',
  '': 'any',
  text: 'any',
  txt: 'any',
  plaintext: 'any',
  plain: 'any',
  none: 'any',
  literal: 'any',
  code: 'any',
};

/** What a fence of that name holds; undefined for other languages, which are not read. */
export function languageNamed(name: string): PieceSyntax | 'shell' | 'any' | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(named, key) ? named[key] : undefined;
}

/** What a text is by how it begins. */
export function languageOfText(text: string): PieceSyntax | undefined {
  if (/^\s*(?:\{(?![{%#])|\[\s*[{[\]])/.test(text)) return 'json';
  if (/^(?:[ \t]*(?:#[^\n]*|---[^\n]*)?\r?\n)*[ \t]*(?:apiVersion|kind|AWSTemplateFormatVersion)[ \t]*:/.test(text)) return 'yaml';
  if (
    /^(?:[ \t]*(?:(?:#|\/\/)[^\n]*)?\r?\n)*[ \t]*(?:resource|data|module|locals|variable|provider|terraform)[ \t]+(?:"[^"\n]*"[ \t]*)*\{/.test(
      text,
    )
  )
    return 'hcl';
  return undefined;
}

/** Whether something in a shell's text may be for us: a document, or a command that gives a role its policy. */
export function shellMayMatter(text: string): boolean {
  return mayMatter(text) || /\biam[ \t]+(?:create-role|update-assume-role-policy)\b/.test(text);
}

export { mayMatter };
