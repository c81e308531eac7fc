/** An image's name without its tag and digest: `registry:5000/shop/orders:1@sha256:…` is `registry:5000/shop/orders`. */
export function imageName(image: string): string {
  const [named = ''] = image.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon < 0 ? named : named.slice(0, colon);
}

/** An image's tag; undefined where it has none, or a digest decides. */
export function imageTag(image: string): string | undefined {
  const name = imageName(image);
  return image.includes('@') || image.length === name.length ? undefined : image.slice(name.length + 1);
}
