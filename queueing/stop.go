package queueing

// stopped is what a solver panics with, deep inside, once the context of its
// options has ended; the exported ways in turn it into an error.
type stopped struct{ err error }

// check panics once the context has ended.
func (o SolveOptions) check() {
	if o.Context == nil {
		return
	}
	if err := o.Context.Err(); err != nil {
		panic(stopped{err})
	}
}

// catch turns the panic of check into an error.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case stopped:
		*err = r.err
	default:
		panic(r)
	}
}
