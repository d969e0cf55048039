# Reference values of tests/analysis/mixed/reference.json from lme4, lmerTest and pbkrtest.
# Run: Rscript benchmarks/mixed_reference.R > tests/analysis/mixed/reference.json
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)})
ctrl <- lmerControl(optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-14, xtol_rel = 1e-14, ftol_abs = 1e-14, ftol_rel = 1e-15, maxeval = 1e6),
                    check.conv.singular = "ignore")
num <- function(x) paste0("[", paste(sprintf("%.15g", x), collapse = ", "), "]")
str <- function(x) paste0("[", paste(sprintf("\"%s\"", x), collapse = ", "), "]")
case <- function(name, formula, data, y, random) {
  m <- lmer(formula, data, REML = TRUE, control = ctrl)
  vc <- as.data.frame(VarCorr(m))
  s <- summary(m)$coefficients
  kr <- sapply(seq_len(nrow(s)), function(i) {L <- rep(0, nrow(s)); L[i] <- 1
    a <- vcovAdj(m); c(sqrt(as.matrix(a)[i, i]), Lb_ddf(L, vcov(m), a))})
  fixed <- setdiff(colnames(model.matrix(m)), "(Intercept)")
  cols <- paste(sapply(fixed, function(f) sprintf("\"%s\": %s", f, num(model.matrix(m)[, f]))), collapse = ", ")
  labs <- paste(sapply(random, function(f) sprintf("\"%s\": %s", f, str(if (grepl(":", f)) apply(data[, strsplit(f, ":")[[1]]], 1, paste, collapse = "/") else as.character(data[[f]])))), collapse = ", ")
  sprintf("\"%s\": {\"call\": \"lmer(%s)\", \"y\": %s, \"random\": {%s}, \"fixed\": {%s}, \"groups\": %s, \"variance\": %s, \"beta\": %s, \"se\": %s, \"df\": %s, \"kr_se\": %s, \"kr_df\": %s, \"deviance\": %.15g}",
    name, deparse(formula), num(data[[y]]), labs, cols, str(vc$grp), num(vc$vcov), num(fixef(m)), num(s[, "Std. Error"]), num(s[, "df"]), num(kr[1, ]), num(kr[2, ]), REMLcrit(m))
}
RNGkind("Mersenne-Twister"); set.seed(20)
grid <- expand.grid(task = paste0("t", 1:9), language = paste0("l", 1:6), seed = paste0("s", 1:3))
grid$treated <- as.numeric(grid$seed == "s2")
grid$score <- 70 + rnorm(9, 0, 4)[as.integer(grid$task)] + rnorm(6, 0, 2)[as.integer(grid$language)] +
  rnorm(54, 0, 1)[as.integer(interaction(grid$task, grid$language))] + 1.5 * grid$treated + rnorm(nrow(grid), 0, 0.7)
uneven <- grid[-c(3, 17, 18, 40, 77, 78, 79, 120, 160), ]
small <- grid; small$score <- small$score * 1e-4
out <- c(
  case("penicillin", diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin, "diameter", c("plate", "sample")),
  case("dyestuff", Yield ~ 1 + (1 | Batch), Dyestuff, "Yield", "Batch"),
  case("pastes", strength ~ 1 + (1 | batch) + (1 | sample), Pastes, "strength", c("batch", "sample")),
  case("crossed", score ~ treated + (1 | task) + (1 | language) + (1 | task:language), grid, "score", c("task", "language", "task:language")),
  case("uneven", score ~ treated + (1 | task) + (1 | language) + (1 | task:language), uneven, "score", c("task", "language", "task:language")),
  case("small scale", score ~ treated + (1 | task) + (1 | language), small, "score", c("task", "language"))
)
cat("{\n", sprintf("\"versions\": \"R %s, lme4 %s, lmerTest %s, pbkrtest %s\",\n", getRversion(), packageVersion("lme4"), packageVersion("lmerTest"), packageVersion("pbkrtest")),
    paste(out, collapse = ",\n"), "\n}\n", sep = "")
