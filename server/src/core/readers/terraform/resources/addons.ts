import type { Fact } from '../../../model/facts';
import { attributeOf } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { MapNode, Node } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { literal } from '../../../text/texts';
import { addonAccount, addonNames, type AddonRole } from '../../addons';
import { toText } from '../../nodes';
import type { ReaderInput } from '../../reader';
import { madeBlocks } from '../evaluate/blocks';
import { Evaluator } from '../evaluate/evaluator';
import type { ModuleInstance } from '../modules/instance';
import { knownModule } from '../modules/knownSources';
import { argumentOf, asText, textOf } from './arguments';
import { associationFact, isUncertain } from './associations';

/** What an add-on says of the role of its own service account. */
interface Addon {
  readonly name: string | undefined;
  readonly input: ReaderInput;
  readonly span: Span;
  readonly head: Span;
  readonly roleArn?: AddonRole;
  readonly clusterName?: Text | undefined;
  readonly associations: readonly {
    readonly role: Text | undefined;
    readonly account: Text | undefined;
    readonly span: Span;
    readonly head: Span;
  }[];
  readonly conditional: boolean;
}

/** Add-ons of EKS, as resources and as arguments of terraform-aws-modules/eks (`cluster_addons`, `addons`). */
export function readAddons(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  for (const placed of module.definition.resourcesOf('aws_eks_addon')) {
    for (const { evaluator, item } of module.instances(placed)) {
      const { block, member } = placed;
      const [written, role] = [attributeOf(block.body, 'service_account_role_arn'), textOf(block, 'service_account_role_arn', evaluator)];
      facts.push(
        ...factsOf({
          name: literal(textOf(block, 'addon_name', evaluator)),
          input: member.input,
          span: block.span,
          head: block.labels[1]?.span ?? block.type.span,
          ...(written && role ? { roleArn: { value: role, key: written.name.span, span: written.span } } : {}),
          clusterName: textOf(block, 'cluster_name', evaluator),
          associations: madeBlocks(block.body, 'pod_identity_association', evaluator).blocks.map((each) => ({
            role: textOf({ ...each.block, body: each.body }, 'role_arn', each.evaluator),
            account: textOf({ ...each.block, body: each.body }, 'service_account', each.evaluator),
            span: each.block.span,
            head: each.block.type.span,
          })),
          conditional: isUncertain(item),
        }),
      );
    }
  }
  for (const placed of module.definition.calls.values()) {
    if (module.isLocal(placed) || knownModule(placed, new Evaluator(module, placed.member)) !== 'eks') continue;
    for (const { evaluator, item } of module.instances(placed)) {
      const clusterName = textOf(placed.block, 'cluster_name', evaluator) ?? textOf(placed.block, 'name', evaluator);
      for (const argument of ['cluster_addons', 'addons']) {
        const addons = argumentOf(placed.block, argument, evaluator);
        if (addons?.kind !== 'map') continue;
        for (const { key, value, span, conditional } of addons.entries) {
          if (value?.kind !== 'map') continue;
          const name = asText(entryOf(value, 'name')?.value) ?? toText(key);
          const common = { name: literal(name), input: placed.member.input, span, head: key.span, clusterName };
          facts.push(...factsOf({ ...common, ...ofMap(value), conditional: isUncertain(item) || conditional === true || addons.open }));
        }
      }
    }
  }
  return facts;
}

function ofMap(map: MapNode): Pick<Addon, 'roleArn' | 'associations'> {
  const entry = entryOf(map, 'service_account_role_arn');
  const role = asText(entry?.value);
  const list: Node | undefined = entryOf(map, 'pod_identity_association')?.value;
  return {
    ...(entry && role ? { roleArn: { value: role, key: entry.key.span, span: entry.span } } : {}),
    associations: (list?.kind === 'list' ? list.items : list?.kind === 'map' ? [list] : []).map((item) => ({
      role: asText(entryOf(item, 'role_arn')?.value),
      account: asText(entryOf(item, 'service_account')?.value),
      span: item.span,
      head: entryOf(item, 'role_arn')?.key.span ?? item.span,
    })),
  };
}

/** The add-on's own service account with the role, and its associations. */
function factsOf({ name, input: { doc }, span, head, roleArn, clusterName, associations, conditional }: Addon): Fact[] {
  const names = addonNames(name, head);
  const facts: Fact[] = roleArn ? [addonAccount('terraform', doc, { span, head, open: false }, names, roleArn)] : [];
  for (const { role, account, span: place, head: at } of associations) {
    const serviceAccount = account ?? names.name;
    const of = (argument: string): Text | undefined =>
      ({ role_arn: role, service_account: serviceAccount, namespace: names.namespace, cluster_name: clusterName })[argument];
    facts.push({ ...associationFact(doc, place, at, of, conditional), addon: name ?? '' });
  }
  return facts;
}
