import type { Fact } from '../../model/facts';
import { valueAt } from '../../syntax/nodes';
import type { Node } from '../../syntax/tree';
import { asList, asScalar } from '../nodes';
import type { ReaderInput } from '../reader';
import type { HelmSetting } from '../shared/helmValues';
import { standIn } from '../terraform/texts';
import type { PlannedResource } from './plan';
import type { PlanTools } from './port';
import { knownText, type PlannedRoles } from './roles';

/** A `helm_release`: its values and settings as one tree, in the release's namespace. Source: Helm provider, helm_release. */
export function readHelmRelease(
  resource: PlannedResource,
  roles: PlannedRoles,
  deployedBy: readonly string[],
  input: ReaderInput,
  { parseEmbedded, mergeHelmValues, readHelmValues }: PlanTools,
): Fact[] {
  const values = resource.values();
  if (!values) return [];
  const listed = valueAt(values, 'values');
  const layers = (listed?.kind === 'list' ? listed.items : listed ? [listed] : []).flatMap((item): Node[] => {
    if (item.kind !== 'scalar' || item.holes.length > 0) return [item];
    const root = parseEmbedded(item, 'yaml')?.root;
    return root ? [root] : [];
  });
  const settings = ['set', 'set_list', 'set_sensitive'].flatMap((argument) => settingsOf(argument, resource, roles));
  const root = mergeHelmValues(layers, settings, resource.span);
  const place = valueAt(values, 'namespace');
  const isDefault = !place || (place.kind === 'scalar' && (place.type === 'null' || place.value === ''));
  const namespace = isDefault ? standIn('default', resource.head) : knownText(place);
  return readHelmValues(root, { namespace, deployedBy }, input);
}

function settingsOf(argument: string, resource: PlannedResource, roles: PlannedRoles): HelmSetting[] {
  return (asList(valueAt(resource.values(), argument))?.items ?? []).flatMap((item, i) => {
    const path = asScalar(valueAt(item, 'name'));
    if (!path) return [];
    const value = valueAt(item, 'value');
    if (argument === 'set_sensitive') return [{ path, value: undefined, span: item.span }];
    const referring =
      value?.kind === 'scalar' ? roles.referring(value, resource, placeOf(argument, path.value, i, resource, roles)) : value;
    return [{ path, value: referring, span: item.span }];
  });
}

/** Where a setting stands in the configuration: the block of its name, for the plan has them in another order. */
function placeOf(
  argument: string,
  name: string,
  index: number,
  resource: PlannedResource,
  roles: PlannedRoles,
): readonly (string | number)[] {
  const blocks = asList(valueAt(roles.configured(resource), 'expressions', argument))?.items ?? [];
  const own = blocks.findIndex((block) => asScalar(valueAt(block, 'name', 'constant_value'))?.value === name);
  return [argument, own < 0 ? index : own, 'value'];
}
