import { objectName } from '../../../generate/writers/names';
import { toYaml, type YamlValue } from '../../../generate/text/yaml';
import { asMap, literalAt } from '../../../readers/nodes';
import { entryOf, valueAt } from '../../../syntax/nodes';
import type { MapNode } from '../../../syntax/tree';
import type { Made } from '../../types';
import { checked, insert, trimmed } from '../source';
import { clusterUnknown, type AssociationTarget, type WriteAssociation } from './target';

/** `PodIdentityAssociation` of ACK or Crossplane in a document of its own below the role's. Source: the CRDs of these projects. */
export const writeManifest: WriteAssociation = (target) => {
  const { role, document, account } = target;
  const root = document?.syntax === 'yaml' ? asMap(document.tree().root) : undefined;
  const group = /^iam\.(services\.k8s\.aws|aws\.upbound\.io|aws\.m\.upbound\.io|aws\.crossplane\.io)\/(\w+)$/.exec(
    literalAt(root, 'apiVersion') ?? '',
  );
  if (!role || !document || !root || !group || literalAt(root, 'kind') !== 'Role') return undefined;
  if (document.tree().templated || root.open) return { refused: 'The role is part of a template: write the association manually.' };
  if (!account.cluster) return { refused: clusterUnknown };
  const names = [account.cluster, account.namespace, account.serviceAccount].map((each) => ('text' in each ? each.text : undefined));
  const [clusterName, namespace, serviceAccount] = names;
  if (clusterName === undefined || namespace === undefined || serviceAccount === undefined)
    return { refused: 'A manifest takes names alone, no expressions: give the cluster by its name.' };
  const name = literalAt(root, 'metadata', 'name');
  if (name === undefined) return { refused: "The role's object has no known name: write the association manually." };
  const facts = { clusterName, namespace, serviceAccount, role: name };
  const made = group[1] === 'services.k8s.aws' ? ack(root, facts, target) : crossplane(root, group[1]!, group[2]!, facts, target);
  if ('refused' in made) return made;
  const { text } = document;
  const end = trimmed(text, { start: 0, end: text.length }).end;
  const edits = checkedDocument(target, end, made.made);
  return 'refused' in edits ? edits : { made: { edits: edits.made, creates: [], format: made.made.kind } };
};

interface Names {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The role's object. */
  readonly role: string;
}

interface Manifest {
  readonly kind: string;
  readonly value: YamlValue;
}

function ack(root: MapNode, { clusterName, namespace, serviceAccount, role }: Names, { region }: AssociationTarget): Made<Manifest> {
  const home = literalAt(root, 'metadata', 'namespace');
  const written = literalAt(root, 'metadata', 'annotations', 'services.k8s.aws/region') ?? region;
  return {
    made: {
      kind: 'ACK PodIdentityAssociation',
      value: {
        apiVersion: 'eks.services.k8s.aws/v1alpha1',
        kind: 'PodIdentityAssociation',
        metadata: {
          name: objectName(namespace, serviceAccount),
          ...(home === undefined ? {} : { namespace: home }),
          ...(written === undefined ? {} : { annotations: { 'services.k8s.aws/region': written } }),
        },
        spec: { clusterName, namespace, serviceAccount, roleRef: { from: { name: role } } },
      },
    },
  };
}

function crossplane(root: MapNode, group: string, version: string, names: Names, { region }: AssociationTarget): Made<Manifest> {
  if (group === 'aws.crossplane.io')
    return {
      refused:
        "Crossplane's older provider (aws.crossplane.io) is not written: make the association with the AWS CLI, or move to Upbound's provider.",
    };
  if (region === undefined)
    return { refused: "The cluster's region is unknown, which Crossplane's association needs: give it with --region." };
  const home = literalAt(root, 'metadata', 'namespace');
  const provider = valueAt(root, 'spec', 'providerConfigRef');
  const [providerName, providerKind] = [literalAt(provider, 'name'), literalAt(provider, 'kind')];
  if (entryOf(valueAt(root, 'spec'), 'providerConfigRef') && providerName === undefined)
    return { refused: "The role's providerConfigRef can't be read: write the association manually." };
  const { clusterName, namespace, serviceAccount, role } = names;
  return {
    made: {
      kind: 'Crossplane PodIdentityAssociation',
      value: {
        apiVersion: `eks.${group}/${version}`,
        kind: 'PodIdentityAssociation',
        metadata: { name: objectName(namespace, serviceAccount), ...(home === undefined ? {} : { namespace: home }) },
        spec: {
          forProvider: { region, clusterName, namespace, serviceAccount, roleArnRef: { name: role } },
          ...(providerName === undefined
            ? {}
            : { providerConfigRef: { ...(providerKind === undefined ? {} : { kind: providerKind }), name: providerName } }),
        },
      },
    },
  };
}

/** Adds a document after this one. The file then holds several, so the result can't be checked as one document. */
function checkedDocument({ document }: AssociationTarget, end: number, { value }: Manifest): ReturnType<typeof checked> {
  const { text } = document!;
  const written = toYaml(value).trimEnd();
  const alone = document!.parse(`${written}\n`);
  if (alone.problems.length > 0) return { refused: 'The association would not be valid YAML: write it manually.' };
  const whole = checked(document!, [insert(end, `\n# pod-roles`)]);
  if ('refused' in whole) return whole;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { made: [{ doc: document!.ref, span: { start: end, end }, newText: `\n---\n${written}`.replaceAll('\n', eol) }] };
}
