# Writes the reference values that tests/analysis/meta/ compares with.
#
#   Rscript benchmarks/meta_reference.R tests/analysis/meta/metafor_reference.json
#
# Needs Debian's r-cran-metafor, r-cran-clubsandwich and r-cran-jsonlite. metafor's stopping rules are absolute,
# so they are tightened relative to var(yi) for every data set; with its defaults REML is 34 % off at effects near 1e-4.
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})
out <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20200526)

draw <- function(k, tau, mean = 1, scale = 1) {
  vi <- round(runif(k, .2, 2), 3)
  yi <- round(rnorm(k, mean, sqrt(tau^2 + vi)), 3)
  list(yi = yi * scale, vi = vi * scale^2, mods = cbind(x1 = round(rnorm(k), 3), x2 = rep(0:1, length.out = k)))
}
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- list(
  bcg = list(yi = as.numeric(bcg$yi), vi = as.numeric(bcg$vi),
             mods = cbind(ablat = as.numeric(bcg$ablat), year = as.numeric(bcg$year - 1948))),
  k5 = draw(5, 1.5), k9 = draw(9, 1), k9alike = draw(9, 0), k36 = draw(36, 2),
  k9tiny = draw(9, 1, scale = 1e-4), k9huge = draw(9, 1, scale = 1e6))
sets$k3 <- list(yi = c(.9, 2.6, 4.1), vi = c(.3, .5, .9), mods = NULL)
methods <- c("EE", "DL", "HE", "HS", "HSk", "SJ", "PM", "PMM", "EB", "ML", "REML")
tests <- c("z", "t", "knha", "adhoc")
tight <- function(yi) list(threshold = 1e-14 * var(yi), tol = 1e-14 * var(yi), maxiter = 1e5, stepadj = .5,
                           tau2.max = 1e3 * var(yi), REMLf = FALSE)
run <- function(d, method, test, mods = NULL, ...) {
  ctl <- tight(d$yi)
  args <- list(yi = d$yi, vi = d$vi, method = method, test = test, control = ctl[c("threshold", "tol", "maxiter", "stepadj", "tau2.max")], ...)
  if (!is.null(mods)) args$mods <- mods
  suppressWarnings(do.call(rma, args))
}
num <- function(x) if (is.null(x)) NULL else unname(as.numeric(x))
univariate <- list()
for (name in names(sets)) for (with in c(FALSE, TRUE)) {
  d <- sets[[name]]
  if (with && (is.null(d$mods) || length(d$yi) < 5)) next
  for (method in methods) for (test in tests) {
    f <- run(d, method, test, if (with) d$mods)
    univariate[[length(univariate) + 1]] <- list(set = name, mods = with, method = method, test = test,
      tau2 = num(f$tau2), se_tau2 = num(f$se.tau2), beta = num(f$beta), se = num(f$se), stat = num(f$zval), p = num(f$pval),
      lb = num(f$ci.lb), ub = num(f$ci.ub), Q = num(f$QE), Qp = num(f$QEp), I2 = num(f$I2), H2 = num(f$H2),
      QM = num(f$QM), QMp = num(f$QMp), R2 = num(f$R2), fit = num(f$fit.stats[, if (method == "REML") "REML" else "ML"]))
  }
}
profile <- list(); predictions <- list(); blups <- list(); loo <- list(); cumulative <- list(); influences <- list()
egger <- list(); begg <- list(); trim <- list(); steps <- list()
for (name in setdiff(names(sets), "k3")) {
  d <- sets[[name]]
  f <- run(d, "REML", "knha"); v <- var(d$yi)
  ci <- suppressWarnings(confint(f, control = list(tau2.max = 1e4 * v, tol = 1e-14 * v)))$random
  profile[[name]] <- list(tau2 = num(ci[1, 2:3]), I2 = num(ci[3, 2:3]), H2 = num(ci[4, 2:3]))
  fz <- run(d, "REML", "z")
  pr <- predict(f); pz <- predict(fz)
  predictions[[name]] <- list(k1 = num(c(pr$pi.lb, pr$pi.ub)), normal = num(c(pz$pi.lb, pz$pi.ub)))
  if (fz$tau2 > 0) { b <- blup(f); blups[[name]] <- list(pred = num(b$pred), se = num(b$se), lb = num(b$pi.lb), ub = num(b$pi.ub)) }
  drop <- lapply(seq_along(d$yi), function(i) run(list(yi = d$yi[-i], vi = d$vi[-i]), "REML", "knha"))
  loo[[name]] <- list(estimate = sapply(drop, function(m) num(m$beta)), se = sapply(drop, function(m) num(m$se)),
                      tau2 = sapply(drop, function(m) num(m$tau2)), Q = sapply(drop, function(m) num(m$QE)))
  grow <- lapply(2:length(d$yi), function(i) run(list(yi = d$yi[1:i], vi = d$vi[1:i]), "DL", "z"))
  cumulative[[name]] <- list(estimate = sapply(grow, function(m) num(m$beta)), se = sapply(grow, function(m) num(m$se)),
                             tau2 = sapply(grow, function(m) num(m$tau2)))
  for (with in c(FALSE, TRUE)) if (name != "k5" || !with) {
    m <- run(d, "REML", "z", if (with) d$mods)
    i <- suppressWarnings(influence(m))$inf
    influences[[length(influences) + 1]] <- list(set = name, mods = with, rstudent = num(i$rstudent), dffits = num(i$dffits), cook.d = num(i$cook.d),
      dfbs = lapply(unname(unclass(suppressWarnings(influence(m))$dfbs)[seq_along(coef(m))]), num), cov.r = num(i$cov.r), tau2.del = num(i$tau2.del), QE.del = num(i$QE.del), hat = num(i$hat), weight = num(i$weight))
  }
  if (!name %in% c("k9tiny")) {
    for (model in c("rma", "lm")) for (predictor in c("sei", "vi")) {
      r <- if (model == "rma") regtest(f, model = "rma", predictor = predictor) else regtest(fz, model = "lm", predictor = predictor)
      egger[[length(egger) + 1]] <- list(set = name, model = model, predictor = predictor, zval = num(r$zval), pval = num(r$pval),
        est = num(r$est), lb = num(r$ci.lb), ub = num(r$ci.ub))
    }
  }
  r <- suppressWarnings(ranktest(f)); begg[[name]] <- list(tau = num(r$tau), p = num(r$pval))
  for (side in c("left", "right")) for (estimator in c("L0", "R0", "Q0")) {
    t <- tryCatch(suppressWarnings(trimfill(run(d, "DL", "z"), side = side, estimator = estimator, control = NULL)), error = function(e) NULL)
    if (is.null(t)) next
    trim[[length(trim) + 1]] <- list(set = name, side = side, estimator = estimator, k0 = num(t$k0), se_k0 = num(t$se.k0),
      p_k0 = num(t$p.k0), estimate = num(t$beta), se = num(t$se), tau2 = num(t$tau2))
  }
}
# No optimiser of metafor converges for every model at a tight tolerance: the highest likelihood of three is taken.
optimizers <- list(list(optimizer = "nlminb", rel.tol = 1e-12), list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-15),
                   list(optimizer = "optim", optmethod = "Nelder-Mead", reltol = 1e-15, maxit = 1e4))
highest <- function(fits) { fits <- Filter(Negate(is.null), fits); if (length(fits) == 0) NULL else fits[[which.max(sapply(fits, function(f) as.numeric(logLik(f))))]] }
for (name in c("bcg", "k9", "k36")) for (steps_at in list(.025, c(.025, .5))) for (side in c("greater", "less")) {
  d <- sets[[name]]
  f <- run(list(yi = d$yi, vi = d$vi), "ML", "z")
  s <- highest(lapply(c(list(list(optimizer = "nlminb")), optimizers), function(ctl) tryCatch(suppressWarnings(
         selmodel(f, type = "stepfun", steps = steps_at, alternative = side, control = ctl)), error = function(e) NULL)))
  if (!is.null(s)) steps[[length(steps) + 1]] <- list(set = name, steps = I(steps_at), side = side, estimate = num(s$beta), se = num(s$se),
     tau2 = num(s$tau2), delta = num(s$delta), loglik = num(logLik(s)), lrt = num(s$LRT), lrt_p = num(s$LRTp))
}

kon <- dat.konstantopoulos2011
lang <- expand.grid(task = 1:7, language = 1:6); lang <- lang[-c(3, 17, 40), ]
lang$vi <- round(runif(nrow(lang), .2, 1), 3)
lang$yi <- round(2 + rnorm(7, 0, 1.2)[lang$task] + rnorm(6, 0, .8)[lang$language] + rnorm(nrow(lang), 0, .6) + rnorm(nrow(lang), 0, sqrt(lang$vi)), 3)
lang$id <- seq_len(nrow(lang)); lang$x <- round(rnorm(nrow(lang)), 3)
mv <- list(
  konstantopoulos = list(data = list(yi = kon$yi, vi = kon$vi, district = kon$district, school = kon$study, x = (kon$year - 1990)), factors = c("district", "school"),
                         random = ~ 1 | district/school),
  crossed = list(data = list(yi = lang$yi, vi = lang$vi, task = lang$task, language = lang$language, id = lang$id, x = lang$x), factors = c("task", "language", "id"),
                 random = list(~ 1 | task, ~ 1 | language, ~ 1 | id)),
  crossed_two = list(data = list(yi = lang$yi, vi = lang$vi, task = lang$task, language = lang$language, x = lang$x), factors = c("task", "language"),
                 random = list(~ 1 | task, ~ 1 | language)))
multilevel <- list(); robust_mv <- list()
coefs <- function(f, cluster, type) { ct <- coef_test(f, vcov = type, cluster = cluster, test = c("Satterthwaite"))
  list(type = type, beta = num(ct$beta), se = num(ct$SE), df = num(if (is.null(ct$df_Satt)) ct$df else ct$df_Satt), p = num(if (is.null(ct$p_Satt)) ct$p_val else ct$p_Satt)) }
for (name in names(mv)) for (method in c("REML", "ML")) for (with in c(FALSE, TRUE)) {
  m <- mv[[name]]; dat <- as.data.frame(m$data)
  f <- highest(lapply(optimizers, function(ctl) tryCatch(rma.mv(yi, vi, mods = if (with) ~ x else ~ 1, random = m$random,
                                                                method = method, data = dat, control = ctl), error = function(e) NULL)))
  item <- list(set = name, method = method, mods = with, sigma2 = num(f$sigma2), beta = num(f$beta), se = num(f$se), QE = num(f$QE),
               loglik = num(f$fit.stats[1, if (method == "REML") "REML" else "ML"]))
  if (!with) { pr <- predict(f); item$pi <- num(c(pr$pi.lb, pr$pi.ub)) 
    if (method == "REML") item$profile <- lapply(seq_along(f$sigma2), function(j) num(confint(f, sigma2 = j, control = list(tol = 1e-10))$random[1, 2:3])) }
  multilevel[[length(multilevel) + 1]] <- item
  if (method == "REML") { cl <- dat[[m$factors[1]]]
    if (name == "konstantopoulos") for (type in c("CR0", "CR1", "CR1p", "CR2")) robust_mv[[length(robust_mv) + 1]] <- c(list(set = name, mods = with), coefs(f, cl, type)) }
}
robust_uni <- list()
clusters <- list(bcg = c(1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 7, 7, 8), k9 = c(1, 1, 1, 2, 2, 3, 4, 5, 5), k36 = rep(1:8, c(1, 8, 5, 4, 6, 3, 2, 7)))
for (name in names(clusters)) for (with in c(FALSE, TRUE)) for (type in c("CR0", "CR1", "CR1p", "CR2")) {
  f <- run(sets[[name]], "REML", "z", if (with) sets[[name]]$mods)
  robust_uni[[length(robust_uni) + 1]] <- c(list(set = name, mods = with), coefs(f, clusters[[name]], type))
}
m1 <- c(25.1, 30.2, 11.9, 7.5); s1 <- c(4.1, 5.2, 2.2, 1.9); n1 <- c(5, 3, 20, 8)
m2 <- c(22.9, 31.0, 10.4, 7.0); s2 <- c(3.9, 4.4, 2.5, 1.2); n2 <- c(5, 4, 20, 3); rho <- c(.5, .2, .9, 0)
two <- function(measure, ...) { e <- escalc(measure, m1i = m1, m2i = m2, sd1i = s1, sd2i = s2, n1i = n1, n2i = n2, ...); list(yi = num(e$yi), vi = num(e$vi)) }
pair <- function(measure) { e <- escalc(measure, m1i = m1, m2i = m2, sd1i = s1, sd2i = s2, ni = n1, ri = rho); list(yi = num(e$yi), vi = num(e$vi)) }
rd <- escalc("RD", ai = c(81, 40), n1i = c(100, 52), ci = c(74, 45), n2i = c(100, 51))
sizes <- list(m1 = m1, s1 = s1, n1 = n1, m2 = m2, s2 = s2, n2 = n2, rho = rho, MD = two("MD"), SMD_LS = two("SMD", vtype = "LS"), SMD_LS2 = two("SMD", vtype = "LS2"),
  SMD_UB = two("SMD", vtype = "UB"), SMDH = two("SMDH"), ROM = two("ROM"), MC = pair("MC"), SMCC = pair("SMCC"), SMCR = pair("SMCR"), ROMC = pair("ROMC"), RD = list(yi = num(rd$yi), vi = num(rd$vi)))
version <- list(metafor = as.character(packageVersion("metafor")), clubSandwich = as.character(packageVersion("clubSandwich")), R = R.version.string,
  call = "rma(yi, vi, mods, method, test, control = list(threshold, tol = 1e-14 var(yi), maxiter = 1e5, stepadj = .5)); rma.mv(..., best of three optimisers, reltol = 1e-15); coef_test(f, vcov, cluster)")
write(toJSON(list(version = version, sets = lapply(sets, function(d) list(yi = d$yi, vi = d$vi, mods = d$mods)), clusters = clusters, mv = lapply(mv, function(m) list(data = m$data, factors = m$factors)),
  univariate = univariate, profile = profile, predictions = predictions, blups = blups, loo = loo, cumulative = cumulative, influence = influences,
  egger = egger, begg = begg, trim = trim, steps = steps, multilevel = multilevel, robust_mv = robust_mv, robust_uni = robust_uni, sizes = sizes),
  digits = NA, auto_unbox = TRUE, na = "null", null = "null"), out)
