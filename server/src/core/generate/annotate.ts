import type { AnnotationFact, Fact, InsertionPoint, ServiceAccountFact } from '../model/facts';
import { readFacts } from '../readers/registry';
import type { Node } from '../syntax/tree';
import { readSourceFile } from '../documents/readSourceFile';
import { literal, replacement } from '../text/texts';
import { flowAnnotation } from './flowAnnotation';
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
  if (second)
    return {
      kind: 'refused',
      replaceable: false,
      message: `${accountName(pair)} is defined twice in this file: add the annotation manually.`,
    };
  const changes: Change[] = [];
  const added: (readonly [string, string])[] = [];
  for (const [key, value] of Object.entries(accountAnnotations(pair))) {
    const present = key.endsWith('/role-arn') ? account.roleArn : account.audience;
    const written = present?.value && literal(present.value);
    if (written === value) continue;
    if (!present) {
      added.push([key, value]);
    } else if (present.value === undefined && present.valueType !== 'missing' && present.valueType !== 'null') {
      return {
        kind: 'refused',
        replaceable: false,
        message: `The annotation ${key} of ${accountName(pair)} isn't a string: fix it first.`,
      };
    } else if (written?.trim() || (present.value && written === undefined)) {
      if (!options.replace)
        return {
          kind: 'refused',
          replaceable: true,
          message: `${accountName(pair)} has the annotation ${key} already, with ${JSON.stringify(present.value!.value)}.`,
        };
      changes.push(placed(account, replacement(present.value!, 0, present.value!.value.length, value)));
    } else {
      changes.push(fill(account, present, value));
    }
  }
  if (added.length > 0) {
    const lines = added.map(([key, value]) => `${yamlText(key)}: ${yamlText(value)}`);
    const document = documents(uri, text).find(({ facts }) =>
      facts.some(
        (fact) => fact.kind === 'serviceAccount' && fact.span.start === account.span.start && fact.doc.start === account.doc.start,
      ),
    );
    const flow = document && flowAnnotation(text, account.doc.start, document.root, account.span, added);
    if (flow) changes.push(flow);
    else if (account.insertAnnotation)
      changes.push(insertion(account, account.insertAnnotation, lines, text.includes('\r\n') ? '\r\n' : '\n'));
    else
      return {
        kind: 'refused',
        replaceable: false,
        message: `There is no place for an annotation of ${accountName(pair)}: add it manually: ${lines.join(', ')}.`,
      };
  }
  if (changes.length === 0) return { kind: 'same' };
  const after = apply(text, changes);
  // What was written is read again: a form that was misjudged is left to the user.
  if (!saysAll(uri, after, pair, options))
    return {
      kind: 'refused',
      replaceable: false,
      message: `The annotation of ${accountName(pair)} cannot be written in this form: add it by hand.`,
    };
  return {
    kind: 'changed',
    text: after,
    how: `The annotation of ${accountName(pair)} is ${added.length > 0 ? 'added' : 'written'}; the rest stays as it is.`,
  };
}

function documents(uri: string, text: string): { readonly root: Node | undefined; readonly facts: readonly Fact[] }[] {
  return readSourceFile(uri, text).documents.map((document) => ({ root: document.tree().root, facts: readFacts(document) }));
}

/** The accounts of the pair's name: those of its namespace; where there are none, those that name no namespace, if that is enough. */
function accountsIn(uri: string, text: string, pair: Pair, anyNamespace: boolean): ServiceAccountFact[] {
  const named = documents(uri, text)
    .flatMap(({ facts }) => facts)
    .filter(
      (fact): fact is ServiceAccountFact =>
        fact.kind === 'serviceAccount' && fact.origin === 'manifest' && literal(fact.name) === pair.account.name,
    );
  const own = named.filter(({ namespace }) => namespace && literal(namespace) === pair.account.namespace);
  return own.length > 0 || !anyNamespace ? own : named.filter(({ namespace }) => !namespace);
}

function saysAll(uri: string, text: string, pair: Pair, options: AnnotateOptions): boolean {
  const [account, second] = accountsIn(uri, text, pair, options.anyNamespace ?? false);
  return (
    account !== undefined &&
    !second &&
    Object.entries(accountAnnotations(pair)).every(([key, value]) => {
      const present = key.endsWith('/role-arn') ? account.roleArn : account.audience;
      return present?.value !== undefined && literal(present.value) === value;
    })
  );
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
  const newText = [...(point.needsKey ? [`${pad}annotations:`] : []), ...lines.map((line) => inner + line)]
    .map((line) => eol + line)
    .join('');
  return { start: offset, end: offset, newText };
}

function apply(text: string, changes: readonly Change[]): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((out, { start, end, newText }) => out.slice(0, start) + newText + out.slice(end), text);
}
