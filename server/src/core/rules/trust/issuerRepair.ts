import { parseEksIssuer } from '../../model/issuer';
import { partitionOfRegion, partitions } from '../../model/partitions';
import { clause } from '../../text/message';

/** The error in an issuer that was meant to be EKS's, and the issuer that was meant if that is certain. */
export interface IssuerFault {
  readonly says: string;
  readonly issuer?: string;
}

const region = String.raw`[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}`;
// eslint-disable-next-line no-restricted-syntax -- made of constants of this file
const misordered = new RegExp(String.raw`^oidc\.(${region})\.eks\.([a-z0-9.-]+?)(?:/id)?/([A-Za-z0-9]+)$`);
// eslint-disable-next-line no-restricted-syntax -- made of constants of this file
const dualStack = new RegExp(String.raw`^oidc-eks\.(${region})\.([a-z0-9.-]+?)(?:/id)?/([A-Za-z0-9]+)$`);
// eslint-disable-next-line no-restricted-syntax -- made of constants of this file
const dashed = new RegExp(String.raw`^oidc-eks\.(${region})\.(amazonaws\.com(?:\.cn)?)(?:/id)?/([A-Za-z0-9]+)$`);
// eslint-disable-next-line no-restricted-syntax -- made of constants of this file
const rightHost = new RegExp(String.raw`^oidc\.eks\.(${region})\.([a-z0-9.-]+?)$`);

/**
 * Looks at a literal issuer without scheme; undefined for one of EKS's form, and for what is none of EKS's.
 * Sources: terraform-aws-eks#3237 (dual-stack host), amazon-eks-pod-identity-webhook#30 (order of the host).
 */
export function repairIssuer(issuer: string): IssuerFault | undefined {
  const text = issuer.trim().toLowerCase();
  if (parseEksIssuer(issuer)) return undefined;
  let match = dashed.exec(issuer) ?? misordered.exec(issuer);
  if (match) {
    return {
      says: clause`The issuer's host ${issuer.split('/')[0]!} must start with oidc.eks.<region>`,
      ...corrected(match[1]!, match[3]!),
    };
  }
  match = dualStack.exec(issuer);
  if (match && partitions.some((p) => p.dualStackSuffix === match[2])) {
    return {
      says: clause`The dual-stack host ${issuer.split('/')[0]!} is never the issuer of a token`,
      ...corrected(match[1]!, match[3]!),
    };
  }
  const [host = '', ...path] = issuer.split('/');
  if (/^docs?\.aws|^docs\.|aws\.amazon\.com$/.test(host) && /eks/.test(text)) {
    return { says: clause`${host} is a documentation host, not an issuer` };
  }
  if (/^oidc\.eks\.amazonaws\.(com|com\.cn|eu)$/.test(host)) return { says: 'The issuer has no region' };
  if (/^oidc\.[a-z0-9-]+\.eks\./.test(host)) return { says: clause`The issuer's host ${host} must start with oidc.eks.<region>` };
  if (/^oidc-eks\./.test(host)) return { says: clause`The host ${host} is never the issuer of a token` };
  const right = rightHost.exec(host);
  if (!right || !partitions.some((p) => p.dnsSuffix === right[2])) return undefined;
  return pathFault(host, path);
}

function pathFault(host: string, path: readonly string[]): IssuerFault | undefined {
  if (path.length === 0 || (path.length === 1 && path[0] === '')) return { says: 'The issuer has no /id/<ID> after its host' };
  if (path.length === 1 && /^[A-Za-z0-9]+$/.test(path[0]!)) {
    return path[0] === 'id'
      ? { says: 'The issuer has no cluster ID after /id' }
      : { says: 'The issuer has no /id/ before the cluster ID', issuer: `${host}/id/${path[0]}` };
  }
  if (path[0] === 'id' && path[1] === '') return { says: 'The issuer has no cluster ID after /id/' };
  const rest = path.filter((part) => part !== '' && part !== 'id');
  if (rest.length === 1 && /^[A-Za-z0-9]+$/.test(rest[0]!))
    return { says: "The issuer's path isn't /id/<ID>", issuer: `${host}/id/${rest[0]}` };
  return { says: "The issuer's path isn't /id/<ID>" };
}

function corrected(regionName: string, id: string): { issuer: string } | object {
  const partition = partitionOfRegion(regionName);
  return partition && /^[A-Za-z0-9]+$/.test(id) ? { issuer: `oidc.eks.${regionName}.${partition.dnsSuffix}/id/${id}` } : {};
}
