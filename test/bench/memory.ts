/** Peak memory of this process, in MB, from now until `stop`. */
export function watchMemory(): { stop(): { heap: number; rss: number } } {
  let heap = 0;
  let rss = 0;
  const look = (): void => {
    const usage = process.memoryUsage();
    heap = Math.max(heap, usage.heapUsed);
    rss = Math.max(rss, usage.rss);
  };
  const timer = setInterval(look, 50);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return { heap: Math.round(heap / 1e6), rss: Math.round(rss / 1e6) };
    },
  };
}
