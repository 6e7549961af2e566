// Runs an encoder for two seconds, then times it; writes its ids as 32-bit integers.
const fs = require('fs');
module.exports = (text, encode, idsFile) => {
  const timedPasses = 7, warmUntil = Date.now() + 2000;
  let ids;
  while (Date.now() < warmUntil) ids = encode(text);
  const times = [];
  const processor = process.cpuUsage();
  for (let pass = 0; pass < timedPasses; pass++) {
    const start = process.hrtime.bigint();
    ids = encode(text);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const used = process.cpuUsage(processor);
  const megabytes = Buffer.byteLength(text) / 1e6;
  times.sort((a, b) => a - b);
  console.log(`speed=${megabytes / times[timedPasses >> 1] * 1000} processorSpeed=${megabytes * timedPasses / (used.user + used.system) * 1e6} workingSet=${process.memoryUsage().rss}`);
  fs.writeFileSync(idsFile, Buffer.from(Int32Array.from(ids).buffer));
};
