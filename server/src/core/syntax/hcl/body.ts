import type { Span } from '../../text/span';

/**
 * An HCL file as plain data: blocks, attributes and expressions as they are written. Nothing is evaluated here;
 * readers/terraform/ does that with the whole module at hand. Spans are UTF-16 offsets of the document.
 */
export interface HclBody {
  readonly span: Span;
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

/** `name = expression`. */
export interface HclAttribute {
  readonly name: HclName;
  /** Absent where it is not written yet, or cannot be read. */
  readonly value: HclExpression | undefined;
  readonly span: Span;
}

/** `type "label" "label" { … }`. */
export interface HclBlock {
  readonly type: HclName;
  readonly labels: readonly HclName[];
  readonly body: HclBody;
  readonly span: Span;
}

/** An identifier, or a label with the quotes left out of `span`. */
export interface HclName {
  readonly text: string;
  readonly span: Span;
}

export type HclExpression =
  | HclTemplate
  | { readonly kind: 'literal'; readonly type: 'number' | 'boolean' | 'null'; readonly text: string; readonly span: Span }
  | { readonly kind: 'tuple'; readonly items: readonly HclExpression[]; readonly span: Span }
  | { readonly kind: 'object'; readonly entries: readonly HclEntry[]; readonly span: Span }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly HclExpression[];
      readonly expands: boolean;
      readonly span: Span;
    }
  | HclReference
  | {
      readonly kind: 'conditional';
      readonly condition: HclExpression;
      readonly whenTrue: HclExpression;
      readonly whenFalse: HclExpression;
      readonly span: Span;
    }
  | HclFor
  | {
      readonly kind: 'operation';
      /** `!` and `-` with one operand, any other with two. */
      readonly operator: string;
      readonly operands: readonly HclExpression[];
      readonly span: Span;
    }
  | { readonly kind: 'unknown'; readonly span: Span };

/** `[for name in collection : value if condition]`, and the same that makes a map. */
export interface HclFor {
  readonly kind: 'for';
  readonly makes: 'list' | 'map';
  /** One name for the item, or two: key and item. */
  readonly names: readonly string[];
  readonly collection: HclExpression;
  /** Of a map. */
  readonly key?: HclExpression;
  readonly value: HclExpression;
  readonly condition?: HclExpression;
  /** `...` behind the value: a list for each key. */
  readonly groups: boolean;
  readonly span: Span;
}

/** A string with quotes, or a heredoc. */
export interface HclTemplate {
  readonly kind: 'template';
  /** Quotes, or the heredoc's markers, included. */
  readonly span: Span;
  /** What is between them. */
  readonly content: Span;
  /** Interpolations and directives in order; what lies between them is text. */
  readonly parts: readonly HclPart[];
  readonly heredoc: 'none' | 'plain' | 'indented';
}

export interface HclPart {
  /** `${` and `}` included. */
  readonly span: Span;
  /** Absent for a directive (`%{ if … }`), and where nothing can be read. */
  readonly expression?: HclExpression;
  /** `~}` takes the white space after it, `${~` that before it. */
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
}

export interface HclEntry {
  /** A bare word is a name; anything else an expression. */
  readonly key: HclExpression | ({ readonly kind: 'name' } & HclName);
  readonly value: HclExpression | undefined;
  readonly span: Span;
}

/** `root.step[step]…`; `base` where it does not begin with a word (`split(…)[1]`). */
export interface HclReference {
  readonly kind: 'reference';
  readonly root: string;
  readonly base?: HclExpression;
  readonly steps: readonly HclStep[];
  readonly span: Span;
}

/** `.name`, `[expression]`, `.0`, or a splat. */
export type HclStep =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly index: HclExpression | number }
  | {
      readonly kind: 'splat';
      /** `[*]`, which takes indices behind it, too; `.*` takes attributes alone. */
      readonly full: boolean;
    };

export const emptyBody: HclBody = { span: { start: 0, end: 0 }, attributes: [], blocks: [] };

/** The last attribute of that name. */
export function attributeOf(body: HclBody, name: string): HclAttribute | undefined {
  return body.attributes.findLast((attribute) => attribute.name.text === name);
}

/** The blocks of a type, `dynamic` ones left out. */
export function blocksOf(body: HclBody, type: string): readonly HclBlock[] {
  return body.blocks.filter((block) => block.type.text === type);
}

/** The `dynamic` blocks that make blocks of a type. */
export function dynamicBlocksOf(body: HclBody, type: string): readonly HclBlock[] {
  return body.blocks.filter((block) => block.type.text === 'dynamic' && block.labels[0]?.text === type);
}
