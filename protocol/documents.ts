// Made by scripts/docs.mjs from the names that formats say of their files (server/src/core/readers): edit there.
/** Files that the server wants to see whatever their language. */
export const documentGlobs: readonly string[] = [
  '**/*.{yaml,yml,json,jsonc,tpl,tf,tofu,tfvars,tf.json}',
  '**/*.{yaml,yml,json,jsonc}.{tpl,tmpl,tftpl,gotmpl,j2,jinja,jinja2,erb,template}',
  '**/kustomization',
  '**/*.{md,markdown,mdx,adoc,asciidoc,rst,sh,bash}',
];
