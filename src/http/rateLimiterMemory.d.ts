/** The one limiter of the package that is used, by itself: all of them together take 20 ms to load. */
declare module 'rate-limiter-flexible/lib/RateLimiterMemory.js' {
  export { RateLimiterMemory as default } from 'rate-limiter-flexible';
}
