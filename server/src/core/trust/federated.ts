/** Why IAM rejects a literal `Federated` value; undefined for one whose form it accepts. */
export function federatedRefusal(value: string): { readonly message: string; readonly sure: boolean } | undefined {
  if (/^arn:/i.test(value)) return ofArn(value);
  if (isDomainName(value)) return undefined;
  if (/^https?:\/\//i.test(value)) return { message: 'The provider is a URL; a trust policy needs its ARN.', sure: true };
  return { message: 'The provider is neither an ARN nor a domain name.', sure: true };
}

/** `arn:<partition>:iam::<account>:oidc-provider/<issuer>` or `…:saml-provider/<name>`. Source: IAM guide, principal element. */
function ofArn(value: string): { message: string; sure: boolean } | undefined {
  const match = /^arn:([a-z0-9-]*):iam::([^:]*):(oidc-provider|saml-provider)\/(.*)$/s.exec(value);
  if (!match) return { message: 'The ARN must have the form arn:aws:iam::<account>:oidc-provider/<issuer>.', sure: true };
  const [, , account, , name] = match as unknown as [string, string, string, string, string];
  if (name === '') return { message: 'The ARN has no provider after the slash.', sure: true };
  if (!/^\d{12}$/.test(account)) return { message: "The account ID in the ARN doesn't have 12 digits.", sure: false };
  return undefined;
}

/** Old names of web identity providers: `accounts.google.com`, `cognito-identity.amazonaws.com`. */
function isDomainName(value: string): boolean {
  return value.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(value);
}
