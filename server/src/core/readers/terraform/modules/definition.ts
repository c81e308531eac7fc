import { attributeOf, type HclAttribute, type HclBlock, type HclBody, type HclExpression } from '../../../syntax/hcl/body';
import { hclFromJson } from '../../../syntax/hcl/fromJson';
import type { Budget } from '../../../text/regular/run';
import type { ReaderInput } from '../../reader';

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

/** The files of one folder: what `local.x`, `var.x`, `data.t.n`, `t.n` and `module.m` mean in each of them. */
export class TerraformModule {
  readonly members: readonly Member[];
  /** What the regular expressions of all its files may cost together; past it, what they make is not known. */
  readonly regularSteps: Budget = { left: 3_000_000 };
  /** How many references that lead further than a few steps are followed in all its files together; past it, they are holes. */
  readonly longReferences: Budget = { left: 20_000 };
  readonly resources = new Map<string, Placed>();
  readonly dataSources = new Map<string, Placed>();
  readonly calls = new Map<string, Placed>();
  private readonly locals = new Map<string, PlacedExpression>();
  private readonly variables = new Map<string, Placed>();
  /** What *.tfvars files give; `undefined` where they disagree. */
  private readonly given = new Map<string, PlacedExpression | undefined>();
  /** True where the folder is applied by itself: only then is a variable's default what it is. */
  private isRoot = false;

  constructor(inputs: readonly ReaderInput[]) {
    const all = inputs.flatMap((input) => {
      const body = input.tree.hcl ?? (input.tree.language === 'json' ? hclFromJson(input.tree, input.text) : undefined);
      return body ? [{ input, body }] : [];
    });
    this.members = all.filter(({ input }) => !isVariables(input.doc.uri));
    for (const member of this.members) for (const block of topBlocks(member.body)) this.add({ member, block });
    const files = all.filter(({ input }) => isVariables(input.doc.uri));
    if (files.length > 0) this.isRoot = true;
    // What Terraform reads by itself wins; other files are given with -var-file, one or another.
    const automatic = files.filter(({ input }) => /(^|[/\\])(terraform|[^/\\]*\.auto)\.tfvars$/.test(input.doc.uri));
    for (const member of files.filter((file) => !automatic.includes(file))) {
      for (const attribute of member.body.attributes) this.give(member, attribute, false);
    }
    for (const member of automatic) for (const attribute of member.body.attributes) this.give(member, attribute, true);
  }

  private add(placed: Placed): void {
    const { type, labels, body } = placed.block;
    const [first, second] = labels.map((label) => label.text);
    switch (type.text) {
      case 'resource':
        this.resources.set(`${first}.${second}`, placed);
        return;
      case 'data':
        this.dataSources.set(`${first}.${second}`, placed);
        return;
      case 'module':
        if (first !== undefined) this.calls.set(first, placed);
        return;
      case 'variable':
        if (first !== undefined) this.variables.set(first, placed);
        return;
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

  private give(member: Member, { name, value }: HclAttribute, wins: boolean): void {
    const before = this.given.get(name.text);
    const same = before && value && sourceOf(before) === sourceOf({ member, expression: value });
    if (!wins && this.given.has(name.text) && !same) this.given.set(name.text, undefined);
    else if (value) this.given.set(name.text, { member, expression: value });
  }

  local(name: string): PlacedExpression | undefined {
    return this.locals.get(name);
  }

  /**
   * What a variable is, where the folder says it surely: a *.tfvars file, or its default in a folder that is applied by
   * itself (it configures a provider or a backend). A module for others is given its values by them.
   */
  variable(name: string): PlacedExpression | undefined {
    if (this.given.has(name)) return this.given.get(name);
    const placed = this.variables.get(name);
    const expression = placed && attributeOf(placed.block.body, 'default')?.value;
    return this.isRoot && placed && expression ? { member: placed.member, expression } : undefined;
  }

  /** True where a variable is declared to be a string. */
  isString(name: string): boolean {
    const placed = this.variables.get(name);
    const type = placed && attributeOf(placed.block.body, 'type')?.value;
    return type?.kind === 'reference' && type.root === 'string' && type.steps.length === 0;
  }

  /** The blocks of some kind of resource, in the order of the files. */
  *resourcesOf(...types: readonly string[]): Generator<Placed> {
    for (const [, placed] of this.resources) if (types.includes(placed.block.labels[0]?.text ?? '')) yield placed;
  }
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
