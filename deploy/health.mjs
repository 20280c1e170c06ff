// Whether the app of this container is well: node health.mjs URL
const [url] = process.argv.slice(2);
try {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!ok) throw new Error(`answers ${status}`);
} catch (error) {
  process.stderr.write(`${url}: ${error.message}\n`);
  process.exitCode = 1;
}
