package montecarlo

// attempt is one copy of a request.
type attempt struct {
	first float64 // s, when the request's first attempt was sent
	sent  float64 // s, when this one was
	begun float64 // s, when its service began
	took  float64 // s of service
	next  int32   // the following one in a list; none: -1
	tag   int32   // time of the grid whose wait it is to show; none: -1
	strm  int16   // stream
	try   int16   // 1 for the first attempt
	flags uint8
}

const (
	inLane  uint8 = 1 << iota // held, waiting or in service
	inRing                    // its timeout lies in the ring
	awaited                   // its client has not given it up
	aged                      // dropped for its age
)

const none = int32(-1)

// slots keeps attempts in one piece of memory and hands out freed ones again.
type slots struct {
	all  []attempt
	free int32
	used int
}

func (s *slots) reset() { s.all, s.free, s.used = s.all[:0], none, 0 }

func (s *slots) take() int32 {
	s.used++
	if i := s.free; i != none {
		s.free = s.all[i].next
		return i
	}
	s.all = append(s.all, attempt{})
	return int32(len(s.all) - 1)
}

func (s *slots) give(i int32) {
	s.used--
	s.all[i].next = s.free
	s.free = i
}

// leave clears a flag and frees the slot once nothing refers to it.
func (s *slots) leave(i int32, flag uint8) {
	a := &s.all[i]
	a.flags &^= flag
	if a.flags&(inLane|inRing) == 0 {
		s.give(i)
	}
}

// list is a first-in first-out list of slots.
type list struct{ head, tail int32 }

func (l *list) reset()      { l.head, l.tail = none, none }
func (l *list) empty() bool { return l.head == none }

func (l *list) pushBack(s *slots, i int32) {
	s.all[i].next = none
	if l.head == none {
		l.head = i
	} else {
		s.all[l.tail].next = i
	}
	l.tail = i
}

func (l *list) pushFront(s *slots, i int32) {
	s.all[i].next = l.head
	if l.head == none {
		l.tail = i
	}
	l.head = i
}

func (l *list) pop(s *slots) int32 {
	i := l.head
	l.head = s.all[i].next
	return i
}

// each visits the slots of the list in order.
func (l *list) each(all []attempt, see func(int32)) {
	for i := l.head; i != none; i = all[i].next {
		see(i)
	}
}
