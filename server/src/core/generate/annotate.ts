import type { AnnotationFact, InsertionPoint, ServiceAccountFact } from '../model/facts';
import { readFacts } from '../readers/registry';
import { readSourceFile } from '../documents/readSourceFile';
import { literal, replacement } from '../text/texts';
import { accountName, type Pair } from './pair';
import { yamlText } from './text/yaml';
import { accountAnnotations } from './writers/serviceAccount';

/** What became of a file that may hold the service account. */
export type Annotated =
  /** The account is not in the file. */
  | { readonly kind: 'absent' }
  /** It says already what it should. */
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly text: string; readonly how: string }
  /** `replaceable`: somebody else's value stands there, and `replace` writes over it. */
  | { readonly kind: 'refused'; readonly message: string; readonly replaceable: boolean };

export interface AnnotateOptions {
  /** Write over an annotation that names another role. */
  readonly replace?: boolean;
  /** An account without a namespace counts as the pair's: the user pointed at it. */
  readonly anyNamespace?: boolean;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * Writes the pair's annotations on the account where a manifest holds it; comments and all else stay.
 * Never throws, whatever the text.
 */
export function annotateAccount(uri: string, text: string, pair: Pair, options: AnnotateOptions = {}): Annotated {
  const found = accountsIn(uri, text, pair, options.anyNamespace ?? false);
  const [account, second] = found;
  if (!account) return { kind: 'absent' };
  if (second) return { kind: 'refused', replaceable: false, message: `${accountName(pair)} stands twice in this file: add the annotation by hand.` };
  const changes: Change[] = [];
  const added: string[] = [];
  for (const [key, value] of Object.entries(accountAnnotations(pair))) {
    const present = key.endsWith('/role-arn') ? account.roleArn : account.audience;
    const written = present?.value && literal(present.value);
    if (written === value) continue;
    if (!present) {
      added.push(`${yamlText(key)}: ${yamlText(value)}`);
    } else if (present.value === undefined && present.valueType !== 'missing' && present.valueType !== 'null') {
      return { kind: 'refused', replaceable: false, message: `The annotation ${key} of ${accountName(pair)} is no text: mend it first.` };
    } else if (written?.trim() || (present.value && written === undefined)) {
      if (!options.replace) return { kind: 'refused', replaceable: true, message: `${accountName(pair)} has the annotation ${key} already, with ${JSON.stringify(present.value!.value)}.` };
      changes.push(placed(account, replacement(present.value!, 0, present.value!.value.length, value)));
    } else {
      changes.push(fill(account, present, value));
    }
  }
  if (added.length > 0) {
    if (!account.insertAnnotation) return { kind: 'refused', replaceable: false, message: `There is no line to put an annotation of ${accountName(pair)} on: add it by hand: ${added.join(', ')}.` };
    changes.push(insertion(account, account.insertAnnotation, added, text.includes('\r\n') ? '\r\n' : '\n'));
  }
  if (changes.length === 0) return { kind: 'same' };
  return { kind: 'changed', text: apply(text, changes), how: `The annotation of ${accountName(pair)} is ${added.length > 0 ? 'added' : 'written'}; the rest stays as it is.` };
}

function accountsIn(uri: string, text: string, pair: Pair, anyNamespace: boolean): ServiceAccountFact[] {
  return readSourceFile(uri, text).documents.flatMap((document) => readFacts(document)).filter((fact): fact is ServiceAccountFact =>
    fact.kind === 'serviceAccount' && fact.origin === 'manifest' && literal(fact.name) === pair.account.name &&
    (fact.namespace ? literal(fact.namespace) === pair.account.namespace : anyNamespace));
}

function placed(account: ServiceAccountFact, { span, newText }: { span: { start: number; end: number }; newText: string }): Change {
  return { start: account.doc.start + span.start, end: account.doc.start + span.end, newText };
}

/** A key without a value yet, or with an empty text. */
function fill(account: ServiceAccountFact, { value, valueType, valueSpan, key }: AnnotationFact, text: string): Change {
  if (value?.quoted) return placed(account, replacement(value, 0, value.value.length, text));
  if (value) return placed(account, { span: value.outer, newText: yamlText(text) });
  return valueType === 'null' && valueSpan.end > valueSpan.start && valueSpan.start > key.outer.end
    ? placed(account, { span: valueSpan, newText: yamlText(text) })
    : placed(account, { span: { start: key.outer.end + 1, end: key.outer.end + 1 }, newText: ` ${yamlText(text)}` });
}

function insertion(account: ServiceAccountFact, point: InsertionPoint, lines: readonly string[], eol: string): Change {
  const offset = account.doc.start + point.offset;
  const pad = ' '.repeat(point.indent);
  const inner = point.needsKey ? `${pad}  ` : pad;
  const newText = [...(point.needsKey ? [`${pad}annotations:`] : []), ...lines.map((line) => inner + line)].map((line) => eol + line).join('');
  return { start: offset, end: offset, newText };
}

function apply(text: string, changes: readonly Change[]): string {
  return [...changes].sort((a, b) => b.start - a.start).reduce((out, { start, end, newText }) => out.slice(0, start) + newText + out.slice(end), text);
}
