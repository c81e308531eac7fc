import { attributeOf, type HclExpression } from '../../../syntax/hcl/body';
import { objectId, type ObjectId } from '../../../text/objects';
import { combined } from '../evaluate/alternatives';
import { Evaluator } from '../evaluate/evaluator';
import { repeated, type Repeated } from '../evaluate/repeated';
import type { Node } from '../../../syntax/tree';
import type { Member, Placed, PlacedExpression, TerraformModule } from './definition';
import { localSource } from './folders';
import { Run, type Surroundings } from './run';

/** A value where it is written: its spans are those of the member's document. */
export interface Value {
  readonly node: Node;
  readonly member: Member;
}

/** A call of a module of the workspace, in one of its instances. */
interface Call {
  readonly placed: Placed;
  /** What stands in the call's block, with its instance's `each` or `count`. */
  readonly evaluator: Evaluator;
}

/** The modules that one call makes, by the instance of the call. */
export type Called = readonly { readonly instance: Repeated['items'][number]; readonly module: ModuleInstance }[];

/**
 * A module as one root or one call makes it: the same folder called twice is two of them. Everything is evaluated when it is
 * asked for, once.
 */
export class ModuleInstance {
  private readonly locals = new Map<string, Value | undefined>();
  private readonly variables = new Map<string, Value | undefined>();
  private readonly outputs = new Map<string, Value | undefined>();
  private readonly blocks = new Map<Placed, Repeated>();
  private readonly called = new Map<string, Called | undefined>();
  private readonly byItem = new WeakMap<Called, ReadonlyMap<Repeated['items'][number], ModuleInstance>>();

  private constructor(
    readonly definition: TerraformModule,
    readonly run: Run,
    /** `module.irsa["a"].`, empty for the root. */
    readonly address: string,
    private readonly depth: number,
    private readonly call?: Call,
    private readonly callers: readonly TerraformModule[] = [],
  ) {}

  /** The module of a folder that is applied by itself. */
  static root(definition: TerraformModule, surroundings: Surroundings): ModuleInstance {
    return new ModuleInstance(definition, new Run(definition.folder, surroundings, definition.length), '', 0);
  }

  /** This module and all that it calls, as far as they may be read. */
  *all(): Generator<ModuleInstance> {
    yield this;
    for (const name of this.definition.calls.keys()) for (const { module } of this.modulesOf(name) ?? []) yield* module.all();
  }

  /** Which object something of this module is. */
  idOf(address: string): ObjectId {
    return objectId('terraform', this.run.root, this.address + address);
  }

  /** How often a block is there, and what `each` and `count` are in each of its instances. */
  repeated(placed: Placed): Repeated {
    let known = this.blocks.get(placed);
    if (!known) {
      // While it is worked out, what leads back to it is not known.
      this.blocks.set(placed, { items: [{ suffix: '[?]', scope: new Map([['each', undefined], ['count', undefined]]), maybe: true }], known: false }); // prettier-ignore
      this.blocks.set(placed, (known = repeated(placed.block, new Evaluator(this, placed.member))));
    }
    return known;
  }

  /** The instances of a block with an evaluator for what stands in each. */
  *instances(placed: Placed): Generator<{ readonly evaluator: Evaluator; readonly item: Repeated['items'][number] }> {
    for (const item of this.repeated(placed).items) {
      if (!this.run.take()) return;
      yield { evaluator: new Evaluator(this, placed.member, item.scope), item };
    }
  }

  local(name: string): Value | undefined {
    return remembered(this.locals, name, () => this.valueOf(this.definition.local(name)));
  }

  output(name: string): Value | undefined {
    return remembered(this.outputs, name, () => this.valueOf(this.definition.output(name)));
  }

  /** What a variable is: the call's argument; for a root what *.tfvars give; else the default, which is all there is in a call. */
  variable(name: string): Value | undefined {
    return remembered(this.variables, name, () => {
      const { definition, call } = this;
      if (call) {
        const argument = attributeOf(call.placed.block.body, name)?.value;
        const node = argument && call.evaluator.evaluate(argument);
        // Null is as if it were not given, where the variable has a default.
        if (node && !(isNull(node) && definition.defaultOf(name))) return { node, member: call.placed.member };
        return this.valueOf(definition.defaultOf(name));
      }
      const given = definition.givenTo(name);
      if (given.length > 0) {
        const [first] = given;
        const values = given.flatMap((each) => this.valueOf(each) ?? []);
        if (values.length === 1) return values[0];
        const node = combined(
          values.map((value) => value.node),
          first!.expression.span,
          `var.${name}`,
        );
        return { node, member: first!.member };
      }
      return definition.isRoot ? this.valueOf(definition.defaultOf(name)) : undefined;
    });
  }

  /** What gives a variable its value: the argument of the call, with who evaluates it. */
  argumentOf(name: string): { readonly expression: HclExpression; readonly evaluator: Evaluator } | undefined {
    const argument = this.call && attributeOf(this.call.placed.block.body, name)?.value;
    if (argument) return { expression: argument, evaluator: this.call.evaluator };
    const [given, more] = this.call ? [] : this.definition.givenTo(name);
    const placed = given && !more ? given : this.definition.defaultOf(name);
    return placed && { expression: placed.expression, evaluator: new Evaluator(this, placed.member) };
  }

  /** True where a root module's variable is what its default says: whoever applies it may give it another value. */
  isDefault(name: string): boolean {
    return this.call === undefined && this.definition.givenTo(name).length === 0;
  }

  /** True where its callers give a variable its value, or fail to. */
  get isCalled(): boolean {
    return this.call !== undefined;
  }

  /** The modules of the workspace that a call makes; undefined where it leads elsewhere, in a circle or too deep. */
  modulesOf(name: string): Called | undefined {
    if (this.called.has(name)) return this.called.get(name);
    const placed = this.definition.calls.get(name);
    const folder = placed && localSource(placed, this.definition.folder);
    const definition = folder === undefined ? undefined : this.run.surroundings.module(folder);
    this.called.set(name, undefined);
    if (!placed || !definition || definition === this.definition || this.callers.includes(definition) || this.depth >= this.run.mostDepth)
      return undefined;
    const called: Called[number][] = [];
    for (const item of this.repeated(placed).items) {
      if (this.run.modules.left-- <= 0) break;
      const evaluator = new Evaluator(this, placed.member, item.scope);
      const address = `${this.address}module.${name}${item.suffix}.`;
      const call = { placed, evaluator };
      const callers = [...this.callers, this.definition];
      called.push({ instance: item, module: new ModuleInstance(definition, this.run, address, this.depth + 1, call, callers) });
    }
    this.called.set(name, called);
    return called;
  }

  /** The module of one instance of a call. */
  moduleOf(called: Called, item: Repeated['items'][number]): ModuleInstance | undefined {
    let known = this.byItem.get(called);
    if (!known) this.byItem.set(called, (known = new Map(called.map(({ instance, module }) => [instance, module]))));
    return known.get(item);
  }

  /** True where a call names a folder of the workspace, whether it can be followed or not. */
  isLocal(placed: Placed): boolean {
    const folder = localSource(placed, this.definition.folder);
    return folder !== undefined && this.run.surroundings.module(folder) !== undefined;
  }

  private valueOf(placed: PlacedExpression | undefined): Value | undefined {
    return placed && { node: new Evaluator(this, placed.member).evaluate(placed.expression), member: placed.member };
  }
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

/** A value that is worked out once; while it is, whoever leads back to it learns nothing. */
function remembered(values: Map<string, Value | undefined>, name: string, make: () => Value | undefined): Value | undefined {
  if (values.has(name)) return values.get(name);
  values.set(name, undefined);
  const value = make();
  values.set(name, value);
  return value;
}
