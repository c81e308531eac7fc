import { roleNamePattern } from '../model/arn';
import { issuerKind } from '../model/issuer';
import { partitionOfRegion } from '../model/partitions';
import { isNamespaceName, isServiceAccountName } from '../model/subject';
import { quoted } from '../text/shown';

/**
 * One check a field, for a form that checks while somebody types: what is wrong in a plain sentence, or undefined.
 * Each takes the text as it will be used, without white space around it.
 */
export type Check = (text: string) => string | undefined;

const check =
  (fits: (text: string) => boolean, message: (text: string) => string): Check =>
  (text) =>
    fits(text) ? undefined : message(quoted(text));

/** Source: botocore, IAM roleNameType. */
export const checkRoleName: Check = check(
  (text) => roleNamePattern.test(text),
  (text) => `${text} cannot be a role's name: IAM takes 1 to 64 letters, digits and the characters _+=,.@-`,
);

/**
 * Source: botocore, IAM pathType, which takes more; but the webhook takes no role whose ARN has other characters than
 * these (amazon-eks-pod-identity-webhook pkg/cache/cache.go).
 */
export const checkPath: Check = (text) => {
  if (text.length > 512 || !/^\/([\w+=,.@-]+\/)*$/.test(text))
    return `${quoted(text)} is not a valid path of a role: it starts and ends with "/", such as /eks/, and contains letters, digits and the characters _+=,.@-`;
  if (/^\/aws-(service-role|reserved)\//i.test(text))
    return `${quoted(text)} is not a valid path of a role: AWS keeps it for its own roles.`;
  // IAM takes it, but many tools and URLs resolve such a path before they use it.
  return /\/\.+\//.test(text) ? `${quoted(text)} is not a valid role path: a part of it consists only of dots.` : undefined;
};

export const checkNamespace: Check = check(
  isNamespaceName,
  (text) => `${text} cannot be a namespace: Kubernetes takes up to 63 lower-case letters, digits and "-".`,
);

export const checkServiceAccount: Check = check(
  isServiceAccountName,
  (text) => `${text} cannot be a service account: Kubernetes takes lower-case letters, digits, "-" and ".".`,
);

export const checkAccountId: Check = check(
  (text) => /^\d{12}$/.test(text),
  (text) => `${text} isn't an AWS account ID, which has 12 digits.`,
);

export const checkRegion: Check = check(
  (text) => partitionOfRegion(text) !== undefined,
  (text) => `${text} isn't an AWS region; an example is eu-west-1.`,
);

/** Source: botocore, EKS CreateCluster. */
export const checkCluster: Check = check(
  (text) => /^[0-9A-Za-z][\w-]{0,99}$/.test(text),
  (text) => `${text} isn't a valid EKS cluster name: letters, digits, "-" and "_", at most 100.`,
);

/** Seconds. Source: botocore, IAM roleMaxSessionDurationType. */
export const checkSessionDuration: Check = check(
  (text) => /^\d{1,6}$/.test(text) && Number(text) >= 3_600 && Number(text) <= 43_200,
  (text) => `The session duration is 3600 to 43200 seconds (1 to 12 hours), not ${text}.`,
);

/** Source: botocore, IAM clientIDType. */
export const checkAudience: Check = check(
  (text) => text.length > 0 && text.length <= 255 && /^[\u0021-\u007e]+$/.test(text) && !/["\\*?$<>]/.test(text),
  (text) => `${text} cannot be an audience: up to 255 characters without white space, quotes and wildcards.`,
);

/** A managed policy's ARN. */
export const checkPolicyArn: Check = check(
  (text) => parsePolicyArn(text) !== undefined,
  (text) => `${text} isn't the ARN of a managed policy; an example is arn:aws:iam::aws:policy/ReadOnlyAccess.`,
);

/** Source: IAM guide, oidc providers: https, no port, no query; botocore, OpenIDConnectProviderUrlType. */
export const checkIssuer: Check = (text) => {
  const id = bareOidcId(text);
  if (id !== undefined)
    return `${quoted(text)} is an OIDC ID, not an issuer: an issuer has a host and a path, as in oidc.eks.<region>.amazonaws.com/id/${id}.`;
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(\/[\w.~-]+)*$/i.test(text) || text.length > 247) {
    return `${quoted(text)} isn't an issuer, which is a host and a path, such as oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F.`;
  }
  switch (issuerKind(text)) {
    case 'eks-malformed':
      return `${quoted(text)} isn't an EKS issuer, which has the form oidc.eks.<region>.amazonaws.com/id/<ID>. "pod-roles oidc" and the cluster's console page show it.`;
    case 'known-other':
      return `${quoted(text)} issues no tokens to pods.`;
    default:
      return undefined;
  }
};

/**
 * The ID where only the last part of an issuer is given (`5C7A…`, `id/5C7A…`): AWS reaches an issuer by a host name, which
 * has a dot. EKS writes its IDs in upper case.
 */
export function bareOidcId(text: string): string | undefined {
  const [, id] = /^\/?(?:id\/)?([A-Za-z0-9]{8,64})$/.exec(text) ?? [];
  return id !== undefined && /^[0-9a-f]{32}$/i.test(id) ? id.toUpperCase() : id;
}

/** The issuer of EKS that an ID has in a region; undefined for a region that is not known. */
export function issuerOfId(id: string, region: string): string | undefined {
  const partition = partitionOfRegion(region);
  return partition && `oidc.eks.${region}.${partition.dnsSuffix}/id/${id}`;
}

/** Source: botocore, IAM tagKeyType and tagValueType. */
export function checkTag(key: string, value: string): string | undefined {
  const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  if (key === '' || key.length > 128 || !characters.test(key))
    return `${quoted(key)} cannot be a tag's key: 1 to 128 letters, digits, spaces and _.:/=+-@`;
  if (/^aws:/i.test(key)) return `${quoted(key)} cannot be a tag's key: "aws:" is AWS's own.`;
  return value.length > 256 || !characters.test(value)
    ? `The value of the tag ${quoted(key)} has at most 256 letters, digits, spaces and _.:/=+-@`
    : undefined;
}

/** An ARN of a managed policy, by its parts. `owner` is `aws` or an account. */
export function parsePolicyArn(text: string): { readonly partition: string; readonly owner: string; readonly name: string } | undefined {
  const match = /^arn:(aws[a-z-]*):iam::(aws|\d{12}):policy\/(?:[\u0021-\u007e]+\/)?([\w+=,.@-]{1,128})$/.exec(text);
  return match ? { partition: match[1]!, owner: match[2]!, name: match[3]! } : undefined;
}

/** Name of an inline policy. Source: botocore, IAM policyNameType. */
export const policyNamePattern = /^[\w+=,.@-]{1,128}$/;
