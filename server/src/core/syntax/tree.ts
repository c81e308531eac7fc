import type { Span } from '../text/span';
import type { Text } from '../text/text';
import type { HclBody } from './hcl/body';

/** One kind of tree for every language. Made by the parsers of this folder; never holds a parser's own nodes. */
export type Node = MapNode | ListNode | ScalarNode | UnknownNode;

export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  /** In source order, duplicates kept. YAML merge keys (`<<`) are expanded after the map's own entries, marked `merged`. */
  readonly entries: readonly Entry[];
  /** True when a template construct in it may add or drop entries (`{{- if }}`, `{{ toYaml }}`, `%{ if }`, an unknown merge). */
  readonly open: boolean;
}

export interface Entry {
  readonly key: ScalarNode;
  /** Absent where the source has a key and nothing else yet (`role-arn:`): YAML's null, or unfinished. */
  readonly value: Node | undefined;
  readonly span: Span;
  /** True when it came through a merge key or an alias: its spans are the anchor's. */
  readonly merged: boolean;
  /** True where a template's branch may leave the entry out. */
  readonly conditional?: true;
}

export interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Node[];
  /** True when a template construct may add or drop items. */
  readonly open: boolean;
}

export interface ScalarNode extends Text {
  readonly kind: 'scalar';
  /** What the source's language takes it for (YAML 1.2 core schema with YAML 1.1's booleans, as the Kubernetes API reads it). */
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** YAML only: CloudFormation's `!Sub` stands before it; with its list where it has one. */
  readonly substitutes?: true | ListNode;
}

/** A part that could not be read, or that only a renderer knows (a tag such as `!Ref`, a template alone). */
export interface UnknownNode {
  readonly kind: 'unknown';
  readonly span: Span;
  readonly source: string;
  /** YAML only: the tag of another language before it (`!Ref`), and what stands behind the tag. */
  readonly tagged?: { readonly tag: string; readonly node: Node };
}

/** Why a part of the source is not in the tree. */
export interface SyntaxProblem {
  readonly span: Span;
  readonly message: string;
  /** True when the document may be a template: then the problem is no error of the user's. */
  readonly inTemplate: boolean;
}

/** A comment, without its `#` or `//`, for suppressions. */
export interface Comment {
  readonly span: Span;
  readonly text: string;
}

export interface Tree {
  readonly root: Node | undefined;
  readonly problems: readonly SyntaxProblem[];
  readonly comments: readonly Comment[];
  /** True when the text holds template constructs of a renderer (Helm, Terraform, envsubst …) outside scalars. */
  readonly templated: boolean;
  readonly language: 'yaml' | 'json' | 'hcl';
  /** HCL only: the file's blocks and attributes; `root` is absent then. */
  readonly hcl?: HclBody;
  /** JSON only: true when it is JSON to the letter, without comments, trailing commas or problems: what IAM takes. */
  readonly strict?: boolean;
}
