module synchrony/executor/synchrony/compare

go 1.26.0
