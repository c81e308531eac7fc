/** Why IAM refuses a literal `Federated` value; undefined for one that it takes, as far as its form goes. */
export function federatedRefusal(value: string): { readonly message: string; readonly sure: boolean } | undefined {
  if (/^arn:/i.test(value)) return ofArn(value);
  if (isDomainName(value)) return undefined;
  if (/^https?:\/\//i.test(value)) return { message: 'The provider is written as a URL; a trust policy names it by its ARN.', sure: true };
  return { message: 'The provider is neither an ARN nor a domain name.', sure: true };
}

/** `arn:<partition>:iam::<account>:oidc-provider/<issuer>` or `…:saml-provider/<name>`. Source: IAM guide, principal element. */
function ofArn(value: string): { message: string; sure: boolean } | undefined {
  const match = /^arn:([a-z0-9-]*):iam::([^:]*):(oidc-provider|saml-provider)\/(.*)$/s.exec(value);
  if (!match) return { message: 'The ARN is not of the form arn:aws:iam::<account>:oidc-provider/<issuer>.', sure: true };
  const [, , account, , name] = match as unknown as [string, string, string, string, string];
  if (name === '') return { message: 'The ARN names no provider after its slash.', sure: true };
  if (!/^\d{12}$/.test(account)) return { message: 'The account of the ARN is not 12 digits.', sure: false };
  return undefined;
}

/** Old names of web identity providers: `accounts.google.com`, `cognito-identity.amazonaws.com`. */
function isDomainName(value: string): boolean {
  return value.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(value);
}
