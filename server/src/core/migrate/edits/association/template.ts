import type { MapNode } from '../../../syntax/tree';
import { entryOf, valueAt } from '../../../syntax/nodes';
import { asMap, asScalar } from '../../../readers/nodes';
import { readTemplate } from '../../../readers/cloudformation/template';
import { readProgram } from '../../../readers/pulumi/program';
import { logicalId } from '../../../generate/writers/names';
import type { Change } from '../../../fixes/edits';
import { lineStart } from '../../../text/lineIndex';
import { addToMap, yamlStyleOf } from '../maps';
import { whyGenerated } from '../policy/guards';
import { yamlTongueOf } from '../policy/yaml';
import { checked, insert, lineEnd, nextLine, trimmed } from '../source';
import { cloudFormationJsonTongue } from '../write/tongues';
import { map, phrase, text as known, unwritable, type Tongue, type Value } from '../write/value';
import { writeEntries } from '../write/yaml';
import { clusterUnknown, type AssociationTarget, type WriteAssociation } from './target';
import { firstFree } from './terraform';

/** `AWS::EKS::PodIdentityAssociation` below the role in the same template. */
export const writeCloudFormation: WriteAssociation = (target) => {
  const { role, document, account } = target;
  if (!role || !document || document.syntax === 'hcl') return undefined;
  const { root } = document.tree();
  const template = readTemplate(root, document.ref);
  if (!template) return undefined;
  const generated = whyGenerated(document);
  if (generated !== undefined) return { refused: generated };
  const own = [...template.resources.values()].find(({ entry }) => entry.span.start <= role.span.start && entry.span.end >= role.span.end);
  if (!own || own.type !== 'AWS::IAM::Role')
    return { refused: 'The role is not a resource of this template: write the association manually.' };
  if (!account.cluster) return { refused: clusterUnknown };
  const condition = asScalar(entryOf(own.map, 'Condition')?.value);
  if (entryOf(own.map, 'Condition') && (!condition || !/^[A-Za-z0-9]+$/.test(condition.value)))
    return { refused: "The role's Condition can't be read: write the association manually." };
  const value = map({
    Type: known('AWS::EKS::PodIdentityAssociation'),
    Condition: condition && known(condition.value),
    Properties: map({
      ClusterName: { phrase: [account.cluster] },
      Namespace: { phrase: [account.namespace] },
      ServiceAccount: { phrase: [account.serviceAccount] },
      RoleArn: { phrase: [{ expression: `!GetAtt ${own.id}.Arn` }] },
    }),
  });
  const name = firstFree([`${logicalId(accountName(account) ?? own.id)}PodIdentityAssociation`], template.names, '');
  const resources = asMap(valueAt(root, 'Resources'))!;
  return addResource(target, resources, own.entry.span, name, value, 'CloudFormation resource');
};

/** `aws:eks:PodIdentityAssociation` below the role in the same program of Pulumi. */
export const writePulumi: WriteAssociation = (target) => {
  const { role, document, account } = target;
  if (!role || !document || document.syntax === 'hcl') return undefined;
  const { root } = document.tree();
  const program = readProgram(root, document.ref);
  if (!program) return undefined;
  const own = [...program.resources.values()].find(({ entry }) => entry.span.start <= role.span.start && entry.span.end >= role.span.end);
  if (!own || own.type !== 'aws:iam:Role')
    return { refused: 'The role is not a resource of this program: write the association manually.' };
  if (!account.cluster) return { refused: clusterUnknown };
  const value = map({
    type: known('aws:eks:PodIdentityAssociation'),
    properties: map({
      clusterName: { phrase: [account.cluster] },
      namespace: { phrase: [account.namespace] },
      serviceAccount: { phrase: [account.serviceAccount] },
      roleArn: { phrase: [{ expression: `\${${own.id}.arn}` }] },
    }),
  });
  const name = firstFree([`${accountName(account) ?? own.id}-pod-identity`], new Set(program.resources.keys()), '-');
  return addResource(target, asMap(valueAt(root, 'resources'))!, own.entry.span, name, value, 'Pulumi resource');
};

/** By the account, so that those of several accounts of one role have names of their own. */
function accountName({ namespace, serviceAccount }: AssociationTarget['account']): string | undefined {
  return 'text' in namespace && 'text' in serviceAccount ? `${namespace.text}-${serviceAccount.text}` : undefined;
}

function addResource(
  { document }: AssociationTarget,
  resources: MapNode,
  after: { readonly start: number; readonly end: number },
  name: string,
  value: Value,
  format: string,
): ReturnType<WriteAssociation> {
  const { text } = document!;
  const { root } = document!.tree();
  const tongue = document!.syntax === 'json' ? cloudFormationJsonTongue : yamlTongueOf(document!, text);
  const part = unwritable(value, tongue) ?? (tongue.key(phrase(name)) === undefined ? name : undefined);
  if (part !== undefined) return { refused: `${part} can't be written here: give its value.` };
  if (resources.open) return { refused: 'A template adds resources here: write the association manually.' };
  const changes = /[{]/.test(text[resources.span.start]!)
    ? addToMap(text, resources, phrase(name), value, tongue, { step: 2, dash: 2 })
    : below(text, resources, after, name, value, tongue, root);
  if (!changes) return { refused: 'There is no place for another resource here: write the association manually.' };
  const edits = checked(document!, changes);
  return 'refused' in edits ? edits : { made: { edits: edits.made, creates: [], format } };
}

/** Below the role's own lines, with an empty line between where resources have one. */
function below(
  text: string,
  resources: MapNode,
  after: { readonly start: number; readonly end: number },
  name: string,
  value: Value,
  tongue: Tongue,
  root: ReturnType<AssociationTarget['siblings'][number]['tree']>['root'],
): Change[] | undefined {
  if (root?.kind !== 'map') return undefined;
  const column = after.start - lineStart(text, after.start);
  const [first, second] = resources.entries;
  const gap = first && second && /\n[ \t\r]*\n/.test(text.slice(trimmed(text, first.span).end, second.span.start)) ? '\n\n' : '\n';
  const entry = writeEntries({ map: [[phrase(name), value]] }, tongue, yamlStyleOf(text, root), column);
  return [insert(endOfBlock(text, after.start, column), `${gap}${entry}`)];
}

/** The end of what stands right of a column from a line on: the span of a value with a tag may end before the value does. */
function endOfBlock(text: string, start: number, column: number): number {
  let end = lineEnd(text, start);
  for (let line = nextLine(text, start); line < text.length; line = nextLine(text, line)) {
    const stop = lineEnd(text, line);
    const lead = /^ */.exec(text.slice(line, stop))![0].length;
    if (line + lead === stop) continue;
    if (lead <= column) break;
    end = stop;
  }
  return trimmed(text, { start, end }).end;
}
