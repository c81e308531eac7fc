import type { Span } from '../text/span';
import type { Text } from '../text/text';
import type { DocumentRef } from '../syntax/sourceFile';
import type { ObjectId } from '../text/objects';
import type { PolicyDocument } from './policy';

/**
 * What a reader takes from a tree: plain data, no nodes, no text of the file beyond the values.
 * Every span counts from the start of `doc`. Facts of a document depend on that document's text alone.
 */
export type Fact =
  | ServiceAccountFact
  | WorkloadFact
  | AnnotationFact
  | TrustPolicyFact
  | RoleFact
  | RolePolicyFact
  | KustomizationFact
  | ObjectFact
  | PodIdentityAssociationFact
  | OidcProviderFact
  | ClusterFact
  | PodIdentityAgentFact
  | FargateProfileFact;

interface FactBase {
  readonly doc: DocumentRef;
  /** The whole shape in the document. */
  readonly span: Span;
  /**
   * Deployments that it takes part in, where a reader knows them: `terraform <URI of the root module's folder>`, and the
   * like for charts, templates and applications. One piece of text may be in several, as a fact each.
   */
  readonly deployedBy?: readonly string[];
  /** The resource of a Terraform plan or state that makes it, as Terraform writes its address. Such a file is a tool's: nothing is written in it. */
  readonly address?: string;
}

/** How a manifest names an object. */
export interface ObjectName {
  /** Absent where there is none (`generateName`, chart values). */
  readonly name?: Text;
  /** Absent where the manifest does not say: then the namespace is the applier's, not known here. */
  readonly namespace?: Text;
}

export interface ServiceAccountFact extends FactBase, ObjectName {
  readonly kind: 'serviceAccount';
  /** `manifest`: an object of kind ServiceAccount. `values`: chart values or an operator's `serviceAccountTemplate`, whose name and namespace are often unknown. */
  readonly origin: 'manifest' | 'values';
  /**
   * The namespace is that of a release (Argo CD's destination, Flux' targetNamespace), or is not told by it: what a
   * kustomization writes over in the object around the values is not the account's.
   */
  readonly ofRelease?: true;
  /** Of `values`: the keys that lead to it in the values, each after a slash. Where several files give a release its values, equal ones are one account. */
  readonly valuesPath?: string;
  /** The head of the object, where a lens stands (the `kind` line, or the key of the values). */
  readonly head: Span;
  /** The annotations of the webhook's prefix that stand in their right place, by short key (`role-arn`). */
  readonly roleArn?: AnnotationFact;
  readonly audience?: AnnotationFact;
  readonly tokenExpiration?: AnnotationFact;
  readonly stsRegionalEndpoints?: AnnotationFact;
  /** Where an annotation can be added: the end of the `annotations` map, or of `metadata`; absent where neither is writable. */
  readonly insertAnnotation?: InsertionPoint;
  /** True when templates may add annotations or change the name. */
  readonly open: boolean;
  /**
   * Set where an operator takes a role with a token of the account by itself, whatever the account's annotations and
   * associations are: the operator's object. No pod of the account has that role. See readers/kubernetes/operators.ts.
   */
  readonly requestedBy?: { readonly kind: string; readonly name?: Text };
  /** True for what a cluster lists (`kubectl get serviceaccounts -o json`): it is so there, not only in a file. */
  readonly live?: true;
  /** What kustomize does with it beside setting what stands in it; only for a piece that is laid over an account. */
  readonly patch?: AccountPatch;
  /** eksctl creates the account in the cluster: by an entry of `iam.serviceAccounts`, or by an association with `createServiceAccount`. */
  readonly eksctl?: 'entry' | 'association';
  /** An EKS add-on has the role, and EKS annotates the add-on's own service account with it: which tool's file says so. */
  readonly addon?: 'eksctl' | 'terraform' | 'cloudformation';
}

/** A patch of a service account. Source: kustomize api/types/patch.go, RFC 6902. */
export interface AccountPatch {
  /** JSON operations: they say by a target alone what they mend. */
  readonly operations?: true;
  /** What a kustomization's `target` beside the patch says; absent where the patch's own name counts, or another file tells. */
  readonly target?: PatchTarget;
  /** Annotations that it takes away, by full key. */
  readonly removes?: readonly string[];
  /** True where all annotations there were are gone. */
  readonly replacesAll?: true;
  /** True where the whole account is (`$patch: delete`). */
  readonly deletes?: true;
  /** True where the name or the namespace is written over. */
  readonly renames?: true;
  /** What is written over them, where that is told; one that is absent stays. */
  readonly renamesTo?: { readonly name?: string; readonly namespace?: string };
}

/** Whom a kustomization's patch is for. Kinds and names are regular expressions for the whole. Source: kustomize api/types/selector.go. */
export interface PatchTarget {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  /** True where labels, annotations or a placeholder decide too. */
  readonly open?: true;
}

/** One annotation or label that bears, or seems to bear, the webhook's prefix, wherever it stands. */
export interface AnnotationFact extends FactBase {
  readonly kind: 'annotation';
  readonly key: Text;
  /** Absent where the value is not a scalar, or nothing yet. */
  readonly value?: Text;
  readonly valueType: 'string' | 'number' | 'boolean' | 'null' | 'map' | 'list' | 'unknown' | 'missing';
  /** The value's place, or the key's end where there is none. */
  readonly valueSpan: Span;
  readonly place:
    | 'service-account' // metadata.annotations of a ServiceAccount, or chart values that become it
    | 'pod-template' // metadata.annotations of a Pod or of a pod template
    | 'workload' // metadata.annotations of a workload that is not a Pod
    | 'service-account-labels'
    | 'other-labels'
    | 'beside-annotations' // directly under metadata (or a serviceAccount's values), where `annotations` should hold it
    | 'other-object' // metadata.annotations of any other kind
    | 'unknown'; // values of a chart and the like: no judgement of its place
  /** The object it stands on. */
  readonly owner: { readonly kind?: string; readonly name?: Text; readonly namespace?: Text };
  /** Key and value, for fixes that move or delete it; the same as `span`. */
  readonly entrySpan: Span;
  /** Where the owner's own `annotations` can take another entry; absent where that place is not writable. */
  readonly insertAnnotation?: InsertionPoint;
  /** The whole lines of the entry with their line break, for fixes that delete it; absent where other things share them. */
  readonly cut?: Span;
}

/**
 * Where a block-style `annotations` map takes one more entry: at `offset` (the end of a line) insert a line
 * break, `indent` spaces and the entry. With `needsKey` the map is not there yet: then insert a line with
 * `indent` spaces and `annotations:`, and the entry below it two spaces deeper.
 */
export interface InsertionPoint {
  readonly offset: number;
  readonly indent: number;
  readonly needsKey: boolean;
}

/** An object whose `annotations` is a string where a map belongs, and its like. */
export interface ObjectFact extends FactBase {
  readonly kind: 'object';
  readonly apiVersion?: string;
  readonly objectKind: string;
  readonly name?: Text;
  readonly namespace?: Text;
  /** `metadata.annotations` is no map: what stands there. */
  readonly brokenAnnotations?: BrokenAnnotations;
  /** A SecretProviderClass of AWS: whether it takes the role of an association; absent values mean that of the annotation. */
  readonly providerClass?: {
    readonly usePodIdentity?: Text;
    /** What it is, where it isn't a string. */ readonly type?: 'boolean' | 'number';
  };
  /** Roles that an operator assumes with credentials that it has already, each with those of the one before: by sts:AssumeRole. */
  readonly assumes?: readonly Text[];
  /** The role that a TriggerAuthentication of KEDA names. */
  readonly namedRole?: Text;
  /** A TriggerAuthentication of KEDA that names a role, and says that the workload's own is taken. */
  readonly contradiction?: { readonly roleArn: Text; readonly identityOwner: Text };
}

export interface BrokenAnnotations {
  /** The key `annotations`. */
  readonly key: Text;
  /** The string, where it is one. */
  readonly text?: Text;
  readonly span: Span;
  /** True when the rest is a map, and `text` an entry in it without a space after its colon: then the file is no YAML. */
  readonly withinMap?: true;
}

/** A use of a service account by something that makes pods. */
export interface WorkloadFact extends FactBase, ObjectName {
  readonly kind: 'workload';
  readonly objectKind: string;
  readonly head: Span;
  /** The account it names; absent where none is named: then Kubernetes takes `default`. */
  readonly serviceAccountName?: Text;
  /** Which field names it, for renames: `serviceAccountName`, or the alias. */
  readonly field?: 'serviceAccountName' | 'serviceAccount' | 'taskServiceAccountName';
  /** True when a template may name an account here. */
  readonly open: boolean;
  /** True where not all containers stand here: a patch, a template that may add some. */
  readonly partial?: boolean;
  readonly containers: readonly ContainerFact[];
  /** The pod template's (or Pod's) annotations and labels of the prefix. */
  readonly skipContainers?: AnnotationFact;
  readonly tokenExpiration?: AnnotationFact;
  /** True when the pod mounts a projected token volume of its own with an audience: wired by hand. */
  readonly ownTokenVolume: boolean;
  /** True when the label that keeps the webhook away is set. */
  readonly skipsWebhook: boolean;
  /** Windows by nodeSelector: the token's path differs. */
  readonly windows: boolean;
  /** Where its pods can only run, if EKS Pod Identity isn't there; absent where other nodes would do, or nobody knows. */
  readonly platform?: Platform;
  /** The labels of its pods, those that are written out: Fargate profiles select by them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** True where its pods may have other labels, too. */
  readonly labelsOpen?: true;
  /**
   * Set for an operator's object that uses the account without a pod of its own: by the role of its annotation, or by a
   * role that the object itself names (`requestedBy` of an account in the same place).
   */
  readonly operator?: 'annotation' | 'request';
  /** The SecretProviderClasses that its pods mount. */
  readonly secretProviderClasses?: readonly Text[];
  /** What its pods show, where it is made of pods that a cluster lists: `kubectl get pods -o json`. */
  readonly live?: LivePods;
  /** True where an annotation keeps its pods off Fargate. */
  readonly onEc2?: true;
}

/** A Fargate profile: pods that one of its selectors matches run on Fargate. */
export interface FargateProfileFact extends FactBase {
  readonly kind: 'fargateProfile';
  readonly head: Span;
  readonly clusterName?: Text;
  /** Those of which everything is known. */
  readonly selectors: readonly FargateSelector[];
}

/** A namespace and labels that a pod must have; `*` and `?` are wildcards in all of them. Source: EKS user guide, fargate-profile. */
export interface FargateSelector {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What binds a pod to nodes of one kind. */
export interface Platform {
  readonly name: 'windows' | 'fargate';
  readonly by: 'spec.os' | 'schedulerName' | 'nodeSelector' | 'nodeAffinity' | 'hostProcess';
  readonly span: Span;
}

/** The pods of one owner, as the API server lists them. */
export interface LivePods {
  /** Those that run or wait, in the order of the list; none that is finished, being deleted, or left alone by the webhook. */
  readonly pods: readonly LivePod[];
}

export interface LivePod {
  readonly name: Text;
  /** When it was created: RFC 3339 in UTC, as the API server writes it. */
  readonly created?: string;
  /** The revision of its template, as its controller calls it. */
  readonly revision?: string;
  /** What the webhook gave its containers when it was created; `by-hand`: its manifest sets the variables itself. */
  readonly injected: 'irsa' | 'pod-identity' | 'nothing' | 'by-hand';
  /** The role that all its containers have got by IRSA. */
  readonly roleArn?: string;
  /** True where EKS Pod Identity isn't there: a node of Fargate, or of Windows. */
  readonly withoutPodIdentity?: true;
}

export interface ContainerFact {
  readonly name?: Text;
  readonly init: boolean;
  readonly span: Span;
  /** Environment entries whose names concern credentials. */
  readonly env: readonly EnvFact[];
  /** Environment entries of a proxy: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not. */
  readonly proxies?: readonly EnvFact[];
  /** True where other variables may be there: `envFrom`, a template. */
  readonly moreEnv?: true;
}

export interface EnvFact {
  readonly name: Text;
  /** Absent with `valueFrom`. */
  readonly value?: Text;
  readonly fromSecret: boolean;
  readonly span: Span;
  /** True where a template decides whether the entry is there. */
  readonly conditional?: true;
}

/** A trust policy, and what its surroundings say of its role. */
export interface TrustPolicyFact extends FactBase {
  readonly kind: 'trustPolicy';
  readonly policy: PolicyDocument;
  /** Which of the two ways it is for; `other` concerns no pod (a Lambda role, GitHub) and is not judged. */
  readonly concerns: 'irsa' | 'pod-identity' | 'both' | 'other';
  /** The key in the document that holds it (`AssumeRolePolicyDocument`), absent for a bare policy. */
  readonly holder?: Text;
  /** The roles that a program makes with this policy. */
  readonly roleIds?: readonly ObjectId[];
  /** A role's name or ARN in the same document. */
  readonly roleName?: Text;
  readonly roleArn?: Text;
  /** True where only `roleName` and `roleArn` say whose it is, never the file's path. */
  readonly ownRoleOnly?: true;
  /** True for a policy that a tool writes by itself and no file holds (eksctl's). */
  readonly made?: true;
  /** Of a role that eksctl or a public Terraform module creates: its policies as one text, the same for the same policies; absent where they aren't all known. */
  readonly permissions?: string;
  /**
   * CloudFormation only: texts with `${…}` that it does not put in. `function-key`: a function in a key's place; `key` and
   * `value`: the template's own name in a text without `Fn::Sub`.
   */
  readonly unsubstituted?: readonly { readonly text: Text; readonly kind: 'function-key' | 'key' | 'value'; readonly name: string }[];
}

/** A role named in a document, with or without its policy. */
export interface RoleFact extends FactBase {
  readonly kind: 'role';
  /** Which object it is, where a program makes it. */
  readonly id?: ObjectId;
  readonly name?: Text;
  readonly arn?: Text;
  readonly path?: Text;
  readonly maxSessionDuration?: Text;
  /** The file that holds its trust policy, as written, where it is a file of its own. */
  readonly policyFile?: Text;
}

/** A policy that a file gives a role: an inline one by its name, a managed one by its ARN, or by its name where the same files make it. */
export interface RolePolicyFact extends FactBase {
  readonly kind: 'rolePolicy';
  /** The role's name. */
  readonly role: Text;
  readonly name?: Text;
  readonly arn?: Text;
}

/** A kustomization: what it takes, and what it does to names, namespaces and accounts. */
export interface KustomizationFact extends FactBase {
  readonly kind: 'kustomization';
  readonly namespace?: Text;
  readonly namePrefix?: Text;
  readonly nameSuffix?: Text;
  /** Files and folders it takes, as written, components included. */
  readonly resources: readonly Text[];
  /** Those of `resources` that are laid over what it takes. */
  readonly components?: readonly Text[];
  /** True for a Component, which is built as a part of what takes it alone. */
  readonly isComponent?: true;
  /** Files with patches, as written. `targeted`: the patch says by `target` what it mends, so that its own name counts for nothing. */
  readonly patches?: readonly { readonly path: Text; readonly targeted: boolean; readonly target?: PatchTarget }[];
  /** True where a plugin or a replacement may write names or namespaces, or annotations of accounts, in a way not read here. */
  readonly rewritesNames?: true;
  readonly rewritesAnnotations?: true;
  /** Set where it is no file of kustomize's, but an object that has a folder of the repository deployed. */
  readonly delivery?: Delivery;
}

/** How Flux or Argo CD deploys the folders that `resources` names, from the repository's root. */
export interface Delivery {
  readonly tool: 'Flux Kustomization' | 'Argo CD Application' | 'Flux HelmRelease' | 'Kustomize chart' | 'helmfile release';
  readonly name?: Text;
  /** The namespace of what has none. */
  readonly fallbackNamespace?: Text;
  /** True where folders below count, in a folder without a kustomization. */
  readonly recursive: boolean;
  /** What Flux puts in the place of `${name}`. */
  readonly substitutes?: Readonly<Record<string, string>>;
  /** Set where it is one release of a Helm chart; then `resources` is empty. */
  readonly release?: HelmDelivery;
}

/** The chart and the values of a Helm release, as far as they are files of the repository. What the fact's own span holds of values comes last. */
export interface HelmDelivery {
  /** What paths count from: the repository's root, which is some folder above, or the folder of the file. */
  readonly from: 'repository' | 'file';
  /** The chart's folder, as written. */
  readonly chart?: Text;
  /** Values files in order, as written: paths from the chart's folder, or from where all paths count. */
  readonly files: readonly { readonly path: Text; readonly from: 'chart' | 'base' }[];
  /** True where the chart's own values file does not count. */
  readonly withoutChartValues?: true;
  /** The release's name and namespace. */
  readonly name?: Text;
  readonly namespace?: Text;
  /** True where values come from somewhere else, too: before those that stand in the fact's span. */
  readonly open?: true;
  /** True where a kustomization around the release may write its namespace over. */
  readonly movable?: true;
}

/** An EKS Pod Identity association, wherever it is written: a template, a custom resource, eksctl's file, Terraform. */
export interface PodIdentityAssociationFact extends FactBase {
  readonly kind: 'podIdentityAssociation';
  /** Where a lens or a finding about the whole association stands. */
  readonly head: Span;
  readonly clusterName?: Text;
  /** The cluster's region, where the association says it. */
  readonly region?: Text;
  readonly namespace?: Text;
  readonly serviceAccount?: Text;
  readonly roleArn?: Text;
  /** The role's name, where the association refers to a role that a file makes. */
  readonly roleName?: Text;
  /** The role that EKS assumes next, with the association's role; its session is what pods get. */
  readonly targetRoleArn?: Text;
  /** The external ID of the association, where a file writes it: EKS makes it, so that it is known only afterwards. */
  readonly externalId?: Text;
  /** The switch for session tags as it is written: `true`, `false`, a variable. */
  readonly disableSessionTags?: Text;
  /** True where session tags are surely switched off: conditions on `aws:RequestTag/…` then fail. */
  readonly sessionTagsDisabled?: boolean;
  /** What restricts the session beside the role's permissions. */
  readonly sessionPolicy?: SessionPolicy;
  /** What its program calls it: a resource's label, a logical ID. */
  readonly objectName?: string;
  /** The add-on that makes the association, by its name; empty where that is not known. */
  readonly addon?: string;
  /** True where a condition, a count or a template decides whether it is there, or makes several of it. */
  readonly conditional?: boolean;
}

/** The session policy of an association (`policy`). */
export interface SessionPolicy {
  /** The value in the association's document. */
  readonly span: Span;
  /** The text, where it is written as one and not made of an object. */
  readonly text?: Text;
  /** The policy, where it could be read. */
  readonly policy?: PolicyDocument;
  /** True where `policy` stands in another document, or is made of blocks: its spans are no places in this one. */
  readonly elsewhere?: true;
}

/** An OIDC provider that a file registers in IAM. */
export interface OidcProviderFact extends FactBase {
  readonly kind: 'oidcProvider';
  /** The issuer's URL as written, `https://` included. */
  readonly url?: Text;
  readonly arn?: Text;
  /** Absent where the list is not readable. */
  readonly clientIds?: readonly Text[];
}

/** An EKS cluster that a file makes or names. */
export interface ClusterFact extends FactBase {
  readonly kind: 'cluster';
  readonly name?: Text;
  readonly region?: Text;
  /** The issuer's URL, where it is known. */
  readonly issuer?: Text;
  /** The add-ons that the cluster's own file gives it, where all of them are told; absent on EKS Auto Mode. */
  readonly addons?: readonly string[];
}

/** A mention of the EKS Pod Identity Agent: the file installs it, or knows of it. One a document. */
export interface PodIdentityAgentFact extends FactBase {
  readonly kind: 'podIdentityAgent';
}
