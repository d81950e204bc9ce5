// Package classify weighs evidence: a linear classifier that says how likely a
// message is to be one of two kinds.
//
// Evidence is a bag of features, each a 32-bit hash: of characters in a row, of
// what a reader has made of them, of pairs of these. A Model has one weight for
// every bucket of hashes (feature hashing: Weinberger et al., ICML 2009) and gives
// the probability by the logistic function of their sum. Fit learns the weights
// from labelled examples by stochastic gradient descent with a rate of its own
// for each weight (AdaGrad: Duchi, Hazan and Singer, JMLR 2011).
//
// # What is not promised
//
// A probability is as good as the examples are like what is judged. Two features
// may share a bucket; a Model does not know which features it has seen. The
// weights depend a little on the order of the examples. Fit learns them in several
// orders, which are the same in every run, and returns the mean: the same examples
// give the same Model.
package classify
