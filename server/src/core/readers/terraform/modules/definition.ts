import { attributeOf, type HclBlock, type HclBody, type HclExpression } from '../../../syntax/hcl/body';
import { hclFromJson } from '../../../syntax/hcl/fromJson';
import type { ReaderInput } from '../../reader';
import { folderOf, localSource } from './folders';

/** One file of a module. */
export interface Member {
  readonly input: ReaderInput;
}

/** A block and the file it stands in. */
export interface Placed {
  readonly member: Member;
  readonly block: HclBlock;
}

export interface PlacedExpression {
  readonly member: Member;
  readonly expression: HclExpression;
}

/** Blocks by type (`locals`), and by type and first label (`resource aws_iam_role`), in the order of the files. */
type Blocks = ReadonlyMap<string, readonly Placed[]>;

const blockTypes = ['locals', 'variable', 'output', 'module', 'provider', 'terraform', 'resource', 'data'] as const;
type BlockType = (typeof blockTypes)[number];

/** How a block of a type begins: its type, and on that a label, a brace or a comment. An attribute of that name is none. */
const headers = Object.fromEntries(
  // eslint-disable-next-line no-restricted-syntax -- all parts are constants of this file
  blockTypes.map((type) => [type, new RegExp(`(?<![\\w.-])${type}(?=\\s*["{\\p{ID_Start}_/#])`, 'u')]),
) as Readonly<Record<BlockType, RegExp>>;

/** After so many questions for types of blocks all files are parsed: each question looks through the texts that are not. */
const mostQuestions = 200;

/**
 * The files of one folder as they are written: its blocks by name, and what its *.tfvars give. Nothing is evaluated here. A
 * file is parsed when blocks are asked for whose type and label stand in its text; most files hold nothing that matters.
 */
export class TerraformModule {
  /** UTF-16 units of its files. */
  readonly length: number;
  private readonly files: readonly ModuleFile[];
  private readonly variableFiles: readonly ReaderInput[];
  private readonly found = new Map<string, readonly Placed[]>();
  private readonly named = new Map<string, ReadonlyMap<string, Placed>>();
  private all: Blocks | undefined;
  private applied: boolean | undefined;
  private values: ReadonlyMap<string, readonly PlacedExpression[]> | undefined;
  private localValues: ReadonlyMap<string, PlacedExpression> | undefined;

  /** @param folder its URI, without a slash at its end */
  constructor(
    inputs: readonly ReaderInput[],
    readonly folder = folderOf(inputs[0]?.doc.uri ?? ''),
  ) {
    this.length = inputs.reduce((sum, { text }) => sum + text.length, 0);
    this.variableFiles = inputs.filter(({ doc }) => isVariables(doc.uri));
    const files = inputs.filter(({ doc }) => !isVariables(doc.uri));
    this.files = files.map((input) => new ModuleFile(input, files.length > 1 && /\.(tf|tofu)$/i.test(input.doc.uri)));
  }

  /** Every file of it, *.tfvars included. */
  get inputs(): readonly ReaderInput[] {
    return [...this.files.map(({ input }) => input), ...this.variableFiles];
  }

  /** True where the folder is applied by itself: it configures a provider or a backend, or has *.tfvars. */
  get isRoot(): boolean {
    return (this.applied ??=
      this.variableFiles.length > 0 ||
      this.blocksOf('provider').length > 0 ||
      this.blocksOf('terraform').some(({ block }) =>
        block.body.blocks.some(({ type }) => type.text === 'backend' || type.text === 'cloud'),
      ));
  }

  /** The calls of modules by their names. */
  get calls(): ReadonlyMap<string, Placed> {
    return this.byName('module');
  }

  /** Folders that it calls by relative paths, each once. */
  get calledFolders(): readonly string[] {
    const found = new Set<string>();
    for (const placed of this.calls.values()) {
      const folder = localSource(placed, this.folder);
      if (folder !== undefined) found.add(folder);
    }
    return [...found];
  }

  local(name: string): PlacedExpression | undefined {
    if (!this.localValues) {
      const found = new Map<string, PlacedExpression>();
      for (const { member, block } of this.blocksOf('locals'))
        for (const { name: key, value } of block.body.attributes) if (value) found.set(key.text, { member, expression: value });
      this.localValues = found;
    }
    return this.localValues.get(name);
  }

  output(name: string): PlacedExpression | undefined {
    return valueOf(this.byName('output').get(name), 'value');
  }

  /** What *.tfvars files give a variable: one value, or one of several; empty where none does. */
  givenTo(name: string): readonly PlacedExpression[] {
    return (this.values ??= given(this.variableFiles)).get(name) ?? [];
  }

  /** The block that declares a variable. */
  variable(name: string): Placed | undefined {
    return this.byName('variable').get(name);
  }

  /** A variable's default. */
  defaultOf(name: string): PlacedExpression | undefined {
    return valueOf(this.variable(name), 'default');
  }

  /** True where a variable is declared to be a string. */
  isString(name: string): boolean {
    const type = valueOf(this.variable(name), 'type')?.expression;
    return type?.kind === 'reference' && type.root === 'string' && type.steps.length === 0;
  }

  resource(type: string, name: string): Placed | undefined {
    return this.byName('resource', type).get(name);
  }

  dataSource(type: string, name: string): Placed | undefined {
    return this.byName('data', type).get(name);
  }

  /** The blocks of a type of resource, in the order of the files. */
  resourcesOf(type: string): readonly Placed[] {
    return this.blocksOf('resource', type);
  }

  /** The data sources of a type, those of one name once. */
  dataSourcesOf(type: string): Iterable<Placed> {
    return this.byName('data', type).values();
  }

  /** All resources and data sources. */
  get resourcesAndData(): readonly Placed[] {
    return [...this.blocksOf('resource'), ...this.blocksOf('data')];
  }

  /** The types of its resources that begin with a word. */
  resourceTypes(beginning: string): Iterable<string> {
    const types = new Set<string>();
    for (const file of this.files) {
      if (!file.mayHold('resource', beginning)) continue;
      for (const { block } of file.blocks.get('resource') ?? []) {
        const type = block.labels[0]?.text;
        if (type?.startsWith(beginning)) types.add(type);
      }
    }
    return types;
  }

  /** The blocks of a type, and with a first label. */
  private blocksOf(type: BlockType, label?: string): readonly Placed[] {
    const key = keyOf(type, label);
    let found = this.found.get(key);
    if (found) return found;
    if (this.found.size < mostQuestions) {
      found = this.files.flatMap((file) => (file.mayHold(type, label) ? (file.blocks.get(key) ?? []) : []));
      this.found.set(key, found);
      return found;
    }
    this.all ??= indexed(this.files.flatMap((file) => file.placed));
    return this.all.get(key) ?? [];
  }

  /** The same by their last labels; of several of one name the last. */
  private byName(type: BlockType, label?: string): ReadonlyMap<string, Placed> {
    const key = keyOf(type, label);
    let found = this.named.get(key);
    if (!found) {
      const at = label === undefined ? 0 : 1;
      const blocks = this.blocksOf(type, label).flatMap((placed): [string, Placed][] => {
        const name = placed.block.labels[at]?.text;
        return name === undefined ? [] : [[name, placed]];
      });
      this.named.set(key, (found = new Map(blocks)));
    }
    return found;
  }
}

/** A file of a module that is parsed when it is needed. */
class ModuleFile implements Member {
  private own: { readonly placed: readonly Placed[]; readonly blocks: Blocks } | undefined;

  /** @param byText whether its text tells what is not in it: what HCL names stands there as it is, where JSON has escapes */
  constructor(
    readonly input: ReaderInput,
    private readonly byText: boolean,
  ) {}

  /** False where it surely holds no block of a type with a label like this one. */
  mayHold(type: BlockType, label = ''): boolean {
    return this.own !== undefined || !this.byText || (this.input.text.includes(label) && headers[type].test(this.input.text));
  }

  get placed(): readonly Placed[] {
    return this.parsed().placed;
  }

  get blocks(): Blocks {
    return this.parsed().blocks;
  }

  private parsed(): { readonly placed: readonly Placed[]; readonly blocks: Blocks } {
    if (!this.own) {
      const body = bodyOf(this.input);
      const placed = body ? Array.from(topBlocks(body), (block) => ({ member: this, block })) : [];
      this.own = { placed, blocks: indexed(placed) };
    }
    return this.own;
  }
}

function keyOf(type: string, label: string | undefined): string {
  return label === undefined ? type : `${type} ${label}`;
}

function indexed(all: readonly Placed[]): Blocks {
  const found = new Map<string, Placed[]>();
  const add = (key: string, placed: Placed): void => {
    const same = found.get(key);
    if (same) same.push(placed);
    else found.set(key, [placed]);
  };
  for (const placed of all) {
    const { type, labels } = placed.block;
    add(type.text, placed);
    if (type.text === 'resource' || type.text === 'data') add(keyOf(type.text, labels[0]?.text ?? ''), placed);
  }
  return found;
}

function bodyOf(input: ReaderInput): HclBody | undefined {
  return input.tree.hcl ?? (input.tree.language === 'json' ? hclFromJson(input.tree, input.text) : undefined);
}

function valueOf(placed: Placed | undefined, name: string): PlacedExpression | undefined {
  const expression = placed && attributeOf(placed.block.body, name)?.value;
  return expression && { member: placed.member, expression };
}

/** What *.tfvars files give, by the variable. */
function given(inputs: readonly ReaderInput[]): ReadonlyMap<string, readonly PlacedExpression[]> {
  const found = new Map<string, PlacedExpression[]>();
  const give = (input: ReaderInput, wins: boolean): void => {
    for (const { name, value } of bodyOf(input)?.attributes ?? []) {
      if (!value) continue;
      const own = { member: { input }, expression: value };
      const before = found.get(name.text);
      if (wins || !before) found.set(name.text, [own]);
      else if (!before.some((each) => sourceOf(each) === sourceOf(own))) before.push(own);
    }
  };
  // What Terraform reads by itself wins, the last of its files; other files are given with -var-file, one or another.
  const automatic = inputs.filter(({ doc }) => /(^|[/\\])(terraform|[^/\\]*\.auto)\.tfvars$/.test(doc.uri));
  for (const input of inputs) if (!automatic.includes(input)) give(input, false);
  for (const input of [...automatic].sort((a, b) => rank(a) - rank(b))) give(input, true);
  return found;
}

/** `terraform.tfvars` is read before all `*.auto.tfvars`. */
function rank({ doc }: ReaderInput): number {
  return /(^|[/\\])terraform\.tfvars$/.test(doc.uri) ? 0 : 1;
}

/** A file's blocks; those too that an unfinished block before them seems to hold. */
function* topBlocks(body: HclBody): Generator<HclBlock> {
  for (const block of body.blocks) {
    yield block;
    for (const inner of topBlocks(block.body)) if (topTypes.has(inner.type.text) && inner.body.span.end <= block.span.end) yield inner;
  }
}

const topTypes = new Set(['resource', 'data', 'module', 'locals', 'variable', 'provider', 'output']);

/** The source text of an expression. */
export function sourceOf({ member, expression }: PlacedExpression): string {
  return member.input.text.slice(expression.span.start, expression.span.end);
}

function isVariables(uri: string): boolean {
  return /\.tfvars$/i.test(uri);
}
