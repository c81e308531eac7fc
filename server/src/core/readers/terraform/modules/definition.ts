import { attributeOf, type HclBlock, type HclBody, type HclExpression } from '../../../syntax/hcl/body';
import { hclFromJson } from '../../../syntax/hcl/fromJson';
import type { ReaderInput } from '../../reader';
import { folderOf, localSource } from './folders';

/** One file of a module with its body. */
export interface Member {
  readonly input: ReaderInput;
  readonly body: HclBody;
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

const none: readonly Placed[] = [];

/** The files of one folder as they are written: its blocks by name, and what its *.tfvars give. Nothing is evaluated here. */
export class TerraformModule {
  readonly members: readonly Member[];
  readonly resources = new Map<string, Placed>();
  readonly dataSources = new Map<string, Placed>();
  readonly calls = new Map<string, Placed>();
  /** True where the folder is applied by itself: it configures a provider or a backend, or has *.tfvars. */
  isRoot = false;
  /** UTF-16 units of its files. */
  readonly length: number;
  private readonly byType = new Map<string, Placed[]>();
  private readonly locals = new Map<string, PlacedExpression>();
  private readonly variables = new Map<string, Placed>();
  private readonly outputs = new Map<string, PlacedExpression>();
  private readonly given = new Map<string, PlacedExpression[]>();

  /** @param folder its URI, without a slash at its end */
  constructor(
    inputs: readonly ReaderInput[],
    readonly folder = folderOf(inputs[0]?.doc.uri ?? ''),
  ) {
    this.length = inputs.reduce((sum, { text }) => sum + text.length, 0);
    const all = inputs.flatMap((input) => {
      const body = input.tree.hcl ?? (input.tree.language === 'json' ? hclFromJson(input.tree, input.text) : undefined);
      return body ? [{ input, body }] : [];
    });
    this.members = all.filter(({ input }) => !isVariables(input.doc.uri));
    for (const member of this.members) for (const block of topBlocks(member.body)) this.add({ member, block });
    const files = all.filter(({ input }) => isVariables(input.doc.uri));
    if (files.length > 0) this.isRoot = true;
    // What Terraform reads by itself wins, the last of its files; other files are given with -var-file, one or another.
    const automatic = files.filter(({ input }) => /(^|[/\\])(terraform|[^/\\]*\.auto)\.tfvars$/.test(input.doc.uri));
    automatic.sort((a, b) => rank(a) - rank(b));
    for (const member of files.filter((file) => !automatic.includes(file))) this.give(member, false);
    for (const member of automatic) this.give(member, true);
  }

  private add(placed: Placed): void {
    const { type, labels, body } = placed.block;
    const [first, second] = labels.map((label) => label.text);
    switch (type.text) {
      case 'resource': {
        this.resources.set(`${first}.${second}`, placed);
        const same = this.byType.get(first ?? '');
        if (same) same.push(placed);
        else this.byType.set(first ?? '', [placed]);
        return;
      }
      case 'data':
        this.dataSources.set(`${first}.${second}`, placed);
        return;
      case 'module':
        if (first !== undefined) this.calls.set(first, placed);
        return;
      case 'variable':
        if (first !== undefined) this.variables.set(first, placed);
        return;
      case 'output': {
        const value = attributeOf(body, 'value')?.value;
        if (first !== undefined && value) this.outputs.set(first, { member: placed.member, expression: value });
        return;
      }
      case 'locals':
        for (const { name, value } of body.attributes) if (value) this.locals.set(name.text, { member: placed.member, expression: value });
        return;
      case 'provider':
        this.isRoot = true;
        return;
      case 'terraform':
        if (body.blocks.some((block) => block.type.text === 'backend' || block.type.text === 'cloud')) this.isRoot = true;
        return;
      default:
    }
  }

  private give(member: Member, wins: boolean): void {
    for (const { name, value } of member.body.attributes) {
      if (!value) continue;
      const given = { member, expression: value };
      const before = this.given.get(name.text);
      if (wins || !before) this.given.set(name.text, [given]);
      else if (!before.some((each) => sourceOf(each) === sourceOf(given))) before.push(given);
    }
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
    return this.locals.get(name);
  }

  output(name: string): PlacedExpression | undefined {
    return this.outputs.get(name);
  }

  /** What *.tfvars files give a variable: one value, or one of several; empty where none does. */
  givenTo(name: string): readonly PlacedExpression[] {
    return this.given.get(name) ?? [];
  }

  /** The block that declares a variable. */
  variable(name: string): Placed | undefined {
    return this.variables.get(name);
  }

  /** A variable's default. */
  defaultOf(name: string): PlacedExpression | undefined {
    const placed = this.variables.get(name);
    const expression = placed && attributeOf(placed.block.body, 'default')?.value;
    return expression && { member: placed.member, expression };
  }

  /** True where a variable is declared to be a string. */
  isString(name: string): boolean {
    const placed = this.variables.get(name);
    const type = placed && attributeOf(placed.block.body, 'type')?.value;
    return type?.kind === 'reference' && type.root === 'string' && type.steps.length === 0;
  }

  /** The blocks of a type of resource, in the order of the files. */
  resourcesOf(type: string): readonly Placed[] {
    return this.byType.get(type) ?? none;
  }

  get resourceTypes(): Iterable<string> {
    return this.byType.keys();
  }
}

/** `terraform.tfvars` is read before all `*.auto.tfvars`. */
function rank({ input }: Member): number {
  return /(^|[/\\])terraform\.tfvars$/.test(input.doc.uri) ? 0 : 1;
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
