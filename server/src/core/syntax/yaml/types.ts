import type { ScalarNode } from '../tree';

const booleans = new Set('y Y yes Yes YES n N no No NO true True TRUE false False FALSE on On ON off Off OFF'.split(' '));
const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const special = /^(?:\.(?:nan|NaN|NAN)|[-+]?\.(?:inf|Inf|INF))$/;
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * What a plain scalar is for the Kubernetes API: kubectl and the API server turn YAML into JSON with
 * sigs.k8s.io/yaml, whose decoder keeps YAML 1.1's booleans (`yes`, `on`, `y`) and octals, and reads
 * timestamps as strings. Source: sigs.k8s.io/yaml goyaml.v2/resolve.go.
 */
export function plainType(source: string): ScalarNode['type'] {
  if (nulls.has(source)) return 'null';
  if (source.length > 100) return 'string';
  if (booleans.has(source)) return 'boolean';
  const first = source.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46; // 0-9 + - .
  if (!numeric) return 'string';
  if (special.test(source)) return 'number';
  const digits = first === 46 ? source : source.replaceAll('_', '');
  if (integer.test(digits)) return 'number';
  return float.test(digits) && Number.isFinite(Number(digits)) ? 'number' : 'string';
}

/** The type that an explicit tag of YAML's own gives, undefined for any other tag. */
export function taggedType(tag: string): ScalarNode['type'] | undefined {
  switch (tag) {
    case '!':
    case 'tag:yaml.org,2002:str':
    case 'tag:yaml.org,2002:timestamp':
      return 'string';
    case 'tag:yaml.org,2002:int':
    case 'tag:yaml.org,2002:float':
      return 'number';
    case 'tag:yaml.org,2002:bool':
      return 'boolean';
    case 'tag:yaml.org,2002:null':
      return 'null';
    default:
      return undefined;
  }
}
