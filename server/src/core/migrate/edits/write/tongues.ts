import { hclText } from '../../../generate/text/hcl';
import { yamlText } from '../../../generate/text/yaml';
import { plainText, type Phrase, type Tongue } from './value';

const step = String.raw`(?:\.[A-Za-z_][\w-]*|\.\d+|\[(?:\d+|"[\w./:@-]*"|[A-Za-z_][\w.-]*)\])`;
/* eslint-disable no-restricted-syntax -- made of constants of this file */
/** A reference of Terraform, or an URL's reference without its scheme: what an expression may be. Nothing else is put into a file. */
const hclReference = new RegExp(String.raw`^[A-Za-z_][\w-]*${step}*$`);
const hclIssuer = new RegExp(
  String.raw`^(?:replace\([A-Za-z_][\w-]*${step}*, "https:\/\/", ""\)|trimprefix\([A-Za-z_][\w-]*${step}*, "https:\/\/"\))$`,
);
/** A name with references in it: `"team-${each.key}"`. */
const hclName = new RegExp(String.raw`^"(?:[a-z0-9.-]|\$\{[A-Za-z_][\w-]*${step}*\})+"$`);
/* eslint-enable no-restricted-syntax */

/** Whether an expression is one that may be written into a Terraform file. */
export function isHclExpression(source: string): boolean {
  return source.length <= 500 && (hclReference.test(source) || hclIssuer.test(source) || hclName.test(source));
}

/** An expression within a text of Terraform; undefined for one that may not be written. */
function interpolated(source: string): string | undefined {
  if (!isHclExpression(source)) return undefined;
  return hclName.test(source) ? source.slice(1, -1) : `\${${source}}`;
}

/** What `!Ref` and `!GetAtt` name in CloudFormation, as `${…}` of Fn::Sub has it. */
function cloudFormationName(source: string): { readonly name: string; readonly attribute: boolean } | undefined {
  const found = /^!(Ref|GetAtt) ([A-Za-z0-9]+(?:::?[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+)*)$/.exec(source);
  return found && source.length <= 500 ? { name: found[2]!, attribute: found[1] === 'GetAtt' } : undefined;
}

/** `${resource.property}` of Pulumi's YAML. */
function isPulumiExpression(source: string): boolean {
  return source.length <= 500 && /^\$\{[A-Za-z_][\w-]*(?:\.[A-Za-z_]\w*|\[\d+\]|\["[\w./-]*"\])*\}$/.test(source);
}

type Interpolate = (expression: string) => string | undefined;

/** Joins a phrase: texts as `escape` writes them, expressions as `interpolate` does. */
function joined(parts: Phrase, escape: (text: string) => string, interpolate: Interpolate): string | undefined {
  let out = '';
  for (const part of parts) {
    const piece = 'text' in part ? escape(part.text) : interpolate(part.expression);
    if (piece === undefined) return undefined;
    out += piece;
  }
  return out;
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function quotedJson(escape: (text: string) => string, interpolate: Interpolate): Tongue {
  const write = (parts: Phrase): string | undefined => {
    const content = joined(parts, escape, interpolate);
    return content === undefined ? undefined : `"${content}"`;
  };
  return { leaf: write, key: write };
}

/** JSON of a file, or in a text that nothing is put into. */
export const jsonTongue: Tongue = quotedJson(inJson, () => undefined);

/** JSON in a heredoc or a text of Terraform: an expression is an interpolation, and a text's own signs are escaped. */
export const jsonInHclTongue: Tongue = quotedJson(
  (text) => inJson(text).replaceAll('${', '$${').replaceAll('%{', '%%{'),
  (source) => {
    const written = interpolated(source);
    // A quote in an interpolation ends the text around it in tools that read JSON with placeholders.
    return written?.includes('"') ? undefined : written;
  },
);

/** JSON in a text of `Fn::Sub`. */
export const jsonInSubTongue: Tongue = quotedJson(
  (text) => inJson(text).replaceAll('${', '${!'),
  (source) => {
    const found = cloudFormationName(source);
    return found && `\${${found.name}}`;
  },
);

/** JSON in a text of Pulumi's YAML. */
export const jsonInPulumiTongue: Tongue = quotedJson(
  (text) => inJson(text).replaceAll('${', '$${'),
  (source) => (isPulumiExpression(source) ? source : undefined),
);

function subText(parts: Phrase): string | undefined {
  return joined(
    parts,
    (text) => text.replaceAll('${', '${!'),
    (source) => {
      const found = cloudFormationName(source);
      return found && `\${${found.name}}`;
    },
  );
}

/** A template of CloudFormation in JSON. */
export const cloudFormationJsonTongue: Tongue = {
  key: jsonTongue.key,
  leaf(parts) {
    const plain = plainText(parts);
    if (plain !== undefined) return JSON.stringify(plain);
    const [only] = parts;
    if (parts.length === 1 && only && 'expression' in only) {
      const found = cloudFormationName(only.expression);
      if (!found) return undefined;
      const [first, ...rest] = found.name.split('.');
      return found.attribute
        ? `{ "Fn::GetAtt": [${JSON.stringify(first)}, ${JSON.stringify(rest.join('.'))}] }`
        : `{ "Ref": ${JSON.stringify(found.name)} }`;
    }
    const sub = subText(parts);
    return sub === undefined ? undefined : `{ "Fn::Sub": ${JSON.stringify(sub)} }`;
  },
};

/** A scalar of YAML in the quotes that the file likes. */
function yamlScalar(text: string, quote: '"' | "'"): string {
  const written = yamlText(text);
  return quote === "'" && written.startsWith('"') && !written.includes('\\') ? `'${text.replaceAll("'", "''")}'` : written;
}

function yamlTongue(quote: '"' | "'", expression: (parts: Phrase) => string | undefined): Tongue {
  return {
    leaf(parts) {
      const plain = plainText(parts);
      return plain === undefined ? expression(parts) : yamlScalar(plain, quote);
    },
    key(parts) {
      const plain = plainText(parts);
      return plain === undefined ? undefined : yamlScalar(plain, quote);
    },
  };
}

/** YAML without expressions. */
export function plainYamlTongue(quote: '"' | "'"): Tongue {
  return yamlTongue(quote, () => undefined);
}

/** A template of CloudFormation in YAML. */
export function cloudFormationYamlTongue(quote: '"' | "'"): Tongue {
  return yamlTongue(quote, (parts) => {
    const [only] = parts;
    if (parts.length === 1 && only && 'expression' in only) return cloudFormationName(only.expression) ? only.expression : undefined;
    const sub = subText(parts);
    return sub === undefined ? undefined : `!Sub ${JSON.stringify(sub)}`;
  });
}

/** A program of Pulumi in YAML: keys take expressions as well as values do. */
export function pulumiYamlTongue(quote: '"' | "'"): Tongue {
  const mixed = (parts: Phrase): string | undefined => {
    const plain = plainText(parts);
    if (plain !== undefined) return yamlScalar(plain.replaceAll('${', '$${'), quote);
    const [only] = parts;
    if (parts.length === 1 && only && 'expression' in only) return isPulumiExpression(only.expression) ? only.expression : undefined;
    const content = joined(
      parts,
      (text) => text.replaceAll('${', '$${'),
      (source) => (isPulumiExpression(source) ? source : undefined),
    );
    return content === undefined ? undefined : JSON.stringify(content);
  };
  return { leaf: mixed, key: mixed };
}

/** The same in YAML's flow style, where texts in quotes are read alike whatever stands beside them. */
export function inFlow(tongue: Tongue): Tongue {
  const quoted = (parts: Phrase, otherwise: string | undefined): string | undefined => {
    const plain = plainText(parts);
    return plain === undefined ? otherwise : JSON.stringify(plain);
  };
  return { leaf: (parts) => quoted(parts, tongue.leaf(parts)), key: (parts) => quoted(parts, tongue.key(parts)) };
}

/** Values of Terraform. Keys of objects are names where they can be, unless `quotedKeys`. */
export function hclTongue(quotedKeys: boolean): Tongue {
  const leaf = (parts: Phrase): string | undefined => {
    const [only] = parts;
    if (parts.length === 1 && only && 'expression' in only) return isHclExpression(only.expression) ? only.expression : undefined;
    const content = joined(parts, (text) => hclText(text).slice(1, -1), interpolated);
    return content === undefined ? undefined : `"${content}"`;
  };
  return {
    leaf,
    key(parts) {
      const plain = plainText(parts);
      if (plain !== undefined && !quotedKeys && /^[A-Za-z_][\w-]*$/.test(plain)) return plain;
      const [only] = parts;
      const written = leaf(parts);
      return parts.length === 1 && only && 'expression' in only && written !== undefined ? `"\${${written}}"` : written;
    },
  };
}
