# Reference values of tests/analysis/curves/test_textbook.py: nls fits, profile intervals (MASS) and AICc by hand.
# Run: Rscript benchmarks/curves_reference.R
suppressMessages(library(MASS)); options(digits = 12)
show <- function(name, m, extra = NULL) {
  cat("##", name, "\n"); print(coef(summary(m))[, 1:2]); cat("rss", deviance(m), "logLik", logLik(m), "\n")
  pr <- profile(m, delta.t = 0.15)
  print(suppressMessages(confint(pr)))
}
tr <- nls.control(tol = 1e-6, maxiter = 500, minFactor = 1e-12)
p <- subset(Puromycin, state == "treated")
show("puromycin", nls(rate ~ Vm * conc / (K + conc), p, start = c(Vm = 200, K = 0.05), control = tr))
show("bod", nls(demand ~ A * (1 - exp(-r * Time)), BOD, start = c(A = 20, r = 0.5), control = tr))
x <- c(0, 1, 2, 3, 5, 7, 9); y <- c(60.1, 62.9, 64.2, 66.1, 66.8, 67.9, 67.6)
show("three", nls(y ~ a + b * (1 - exp(-c * x)), start = c(a = 60, b = 8, c = 0.4), control = tr))
# profile of the asymptote: the same curve written with the asymptote as a parameter
show("asymptote", nls(y ~ s - (s - a) * exp(-c * x), start = c(s = 68, a = 60, c = 0.4), control = tr))
show("power", nls(y ~ a + b * x^c, start = c(a = 60, b = 3, c = 0.4), control = tr))
show("hill", nls(rate ~ Vm * conc^h / (K^h + conc^h), p, start = c(Vm = 200, K = 0.05, h = 1), control = tr))
print(p[, 1:2]); print(BOD)
