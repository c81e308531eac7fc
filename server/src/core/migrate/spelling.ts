import type { TrustPolicyFact } from '../model/facts';
import type { SourceDocument } from '../syntax/sourceFile';
import { literal } from '../text/texts';
import type { Move } from './moves';
import type { Spelling } from './types';

/** How an account's names are written where its role's trust policy stands. */
export interface SpelledNames {
  readonly namespace: Spelling;
  readonly serviceAccount: Spelling;
}

/**
 * The names of an account as the trust policy spells them in its subject: by the same expressions, so that what makes many
 * roles of one text makes a statement for each role's own account. Literal names where the subject is written out, or
 * stands in a form that can't be taken apart; undefined where no name is known then.
 */
export function spelledNames({ admissions, namespace, name }: Move, document: SourceDocument | undefined): SpelledNames | undefined {
  const value = admissions.flatMap(({ exact }) => exact)[0]?.value;
  if (value && document && (value.borrowed?.length || literal(value) === undefined)) {
    const spelled = ofSource(document.text.slice(value.outer.start, value.outer.end), document);
    if (spelled) return spelled;
  }
  return namespace === undefined || name === undefined ? undefined : { namespace: { text: namespace }, serviceAccount: { text: name } };
}

function ofSource(source: string, { syntax }: SourceDocument): SpelledNames | undefined {
  const inner =
    syntax === 'hcl' ? /^"((?:[^"\\]|\\.)*)"$/s.exec(source)?.[1] : source.replace(/^!Sub\s+/, '').replace(/^(["'])(.*)\1$/s, '$2');
  if (inner === undefined) return undefined;
  const parts = splitOutside(inner);
  if (parts?.length !== 4 || parts[0] !== 'system' || parts[1] !== 'serviceaccount') return undefined;
  // The argument of a function, such as Terraform's format("…:%s:%s", …), isn't the subject itself.
  if (parts.slice(2).some((part) => !part.includes('${') && !/^[a-z0-9.-]+$/.test(part))) return undefined;
  const [namespace, serviceAccount] = [spelling(parts[2]!, syntax), spelling(parts[3]!, syntax)];
  return namespace && serviceAccount ? { namespace, serviceAccount } : undefined;
}

/** The parts between colons that stand in no `${…}`; undefined where braces don't match. */
function splitOutside(text: string): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('${', i)) depth++;
    else if (text[i] === '}' && depth > 0) depth--;
    else if (text[i] === ':' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return depth === 0 ? parts : undefined;
}

function spelling(part: string, syntax: SourceDocument['syntax']): Spelling | undefined {
  if (part === '') return undefined;
  if (!part.includes('${')) return { text: part };
  const whole = /^\$\{([^{}]+)\}$/.exec(part)?.[1]?.trim();
  if (syntax === 'hcl') return namesOwnValues(part) ? { expression: whole ?? `"${part}"` } : undefined;
  // A function of CloudFormation; in JSON its long form.
  if (!/^(?:[^$]|\$\{[\w:.]+\})+$/.test(part)) return undefined;
  if (syntax === 'json')
    return { expression: whole === undefined ? `{ "Fn::Sub": ${JSON.stringify(part)} }` : `{ "Ref": ${JSON.stringify(whole)} }` };
  return { expression: whole === undefined || whole.includes('.') ? `!Sub '${part}'` : `!Ref ${whole}` };
}

/** False where a part of a name is a variable of a `for` expression, which nothing else can name. */
function namesOwnValues(part: string): boolean {
  return [...part.matchAll(/\$\{\s*([A-Za-z_][\w-]*)/g)].every(
    ([, root]) => /^(?:var|local|each|count|module|data|path)$/.test(root!) || root!.includes('_'),
  );
}

/** The document of a fact, where its text is at hand. */
export function documentOf(
  { doc }: Pick<TrustPolicyFact, 'doc'>,
  source: (uri: string) => { readonly documents: readonly SourceDocument[] } | undefined,
): SourceDocument | undefined {
  const document = source(doc.uri)?.documents[doc.index];
  return document?.ref.start === doc.start ? document : undefined;
}
