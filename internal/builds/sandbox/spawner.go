package sandbox

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
)

// spawner starts agents and keeps some ready. All are started from one thread, because on Linux a child that is to die
// with its parent dies with the thread that forked it.
type spawner struct {
	command []string
	dir     string
	log     *zap.Logger

	requests chan chan started
	ready    chan *process
	quit     chan struct{}
	known    atomic.Pointer[engines.Isolation] // of the newest agent
	wg       sync.WaitGroup
}

type started struct {
	p   *process
	err error
}

// helloTimeout is how long an agent may take to start. A busy machine is slow, a broken agent never comes.
const helloTimeout = 20 * time.Second

func newSpawner(command []string, dir string, warm int, log *zap.Logger) *spawner {
	s := &spawner{command: command, dir: dir, log: log, requests: make(chan chan started),
		ready: make(chan *process, warm), quit: make(chan struct{})}
	s.wg.Go(s.loop)
	return s
}

func (s *spawner) loop() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		select {
		case <-s.quit:
			return
		case reply := <-s.requests:
			p, err := startProcess(s.command, s.dir)
			reply <- started{p, err}
		}
	}
}

// start starts an agent and waits for its hello.
func (s *spawner) start() (*process, error) {
	reply := make(chan started, 1)
	select {
	case s.requests <- reply:
	case <-s.quit:
		return nil, errClosed
	}
	st := <-reply
	if st.err != nil {
		return nil, st.err
	}
	if err := st.p.hello(helloTimeout); err != nil {
		return nil, err
	}
	s.known.Store(&st.p.isolation)
	return st.p, nil
}

// take returns an agent that is ready, starting one when none is.
func (s *spawner) take() (*process, error) {
	for {
		select {
		case p := <-s.ready:
			if p.alive() {
				return p, nil
			}
			p.stop()
		default:
			return s.start()
		}
	}
}

// isolation is what the first agent has reported about its isolation.
func (s *spawner) isolation() (engines.Isolation, error) {
	if known := s.known.Load(); known != nil {
		return *known, nil
	}
	p, err := s.take()
	if err != nil {
		return engines.Isolation{}, err
	}
	select {
	case s.ready <- p:
	default:
		p.stop()
	}
	return p.isolation, nil
}

// refill starts agents ahead of need, in the background.
func (s *spawner) refill() {
	if len(s.ready) == cap(s.ready) {
		return
	}
	s.wg.Go(func() {
		p, err := s.start()
		if err != nil {
			select {
			case <-s.quit:
			default:
				s.log.Warn("could not start an agent ahead of need", zap.Error(err))
			}
			return
		}
		select {
		case <-s.quit:
			p.stop()
		case s.ready <- p:
		default:
			p.stop()
		}
	})
}

// close ends the waiting agents. No refill may begin after it.
func (s *spawner) close() {
	close(s.quit)
	s.wg.Wait()
	for {
		select {
		case p := <-s.ready:
			p.stop()
		default:
			return
		}
	}
}
